from . import research_common
from . import test_case_study
from . import test_case_study_access
from . import test_case_study_result
from . import test_visit
from . import test_visit_browser
