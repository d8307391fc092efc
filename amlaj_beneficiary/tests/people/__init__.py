from . import test_volunteer
from . import test_opportunity
from . import test_participation
