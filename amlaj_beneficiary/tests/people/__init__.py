from . import test_make_volunteer
from . import test_people_tour
from . import test_pipeline
from . import test_sign_up_pages
from . import test_volunteer
