from . import test_volunteer
from . import test_opportunity
from . import test_participation
from . import test_volunteer_hours
from . import test_visit_note
from . import test_volunteering_pages
