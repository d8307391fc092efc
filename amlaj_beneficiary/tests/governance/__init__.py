from . import test_no_call_abroad
