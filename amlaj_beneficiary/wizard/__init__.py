from . import registry
from . import intake
from . import request
from . import research
from . import committee
from . import listening
from . import people
