from . import test_committee_access
from . import test_committee_cost
from . import test_committee_papers
from . import test_committee_reply
from . import test_committee_screens
from . import test_committee_secrecy
from . import test_committee_session
from . import test_committee_snapshot
