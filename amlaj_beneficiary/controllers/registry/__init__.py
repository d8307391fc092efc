from . import entry
from . import account
from . import register
from . import report
from . import verify
from . import file
from . import import_template
