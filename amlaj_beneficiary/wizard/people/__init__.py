from . import agreement_step
from . import volunteering_step
from . import inkind_cancel
