from . import entry
from . import report
from . import verify
from . import file
