from . import registry
from . import request
