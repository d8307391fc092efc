from . import test_access_log
from . import test_no_call_abroad
