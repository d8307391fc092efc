from . import test_catalogue_lists
from . import test_file
from . import test_paper_engine
from . import test_paper_verify
