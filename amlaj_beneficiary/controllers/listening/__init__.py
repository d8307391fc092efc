from . import objection
from . import rating
from . import ticket
