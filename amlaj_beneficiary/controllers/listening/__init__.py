from . import objection
from . import rating
from . import rating_link
from . import ticket
