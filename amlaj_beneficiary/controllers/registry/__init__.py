from . import entry
from . import report
from . import verify
