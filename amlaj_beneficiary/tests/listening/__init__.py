from . import test_objection
from . import test_objection_access
from . import test_objection_pages
from . import test_rating
from . import test_whole_way_tour
