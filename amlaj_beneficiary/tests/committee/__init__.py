from . import test_committee_papers
from . import test_committee_session
