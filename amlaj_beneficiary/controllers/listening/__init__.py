from . import objection
from . import rating
