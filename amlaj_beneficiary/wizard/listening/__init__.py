from . import request_step
from . import ticket_step
from . import rating_step
from . import ticket_merge
from . import ticket_entry
