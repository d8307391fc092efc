from . import sms
from . import policies
