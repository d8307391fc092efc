from . import test_beneficiary_reason
from . import test_catalogue_lists
from . import test_file
from . import test_guarded_doors
from . import test_home
from . import test_input_check
from . import test_paper_engine
from . import test_paper_verify
