from . import study_assign
from . import visit_step
