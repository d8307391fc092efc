from . import registry
from . import request
from . import committee
from . import listening
from . import people
