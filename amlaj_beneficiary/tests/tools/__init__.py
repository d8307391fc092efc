from . import test_tools_dates
from . import test_tools_files
from . import test_tools_hours
from . import test_tools_log_mask
from . import test_tools_names
from . import test_tools_numbers
from . import test_tools_words
