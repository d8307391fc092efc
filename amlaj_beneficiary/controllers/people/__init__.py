from . import opportunities
from . import my_opportunities
from . import supervise
