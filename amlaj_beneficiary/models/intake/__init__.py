from . import channel
from . import message
from . import beneficiary
from . import home
