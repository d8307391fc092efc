from . import registry
from . import request
from . import listening
