from . import opportunities
from . import volunteering
from . import supervise
