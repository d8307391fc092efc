from . import registry
from . import request
from . import research
from . import committee
from . import listening
