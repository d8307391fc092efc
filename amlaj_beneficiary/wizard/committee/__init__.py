from . import agenda_relatives
from . import session_agenda
from . import session_decide
from . import session_recuse
from . import request_step
from . import help_plan_step
from . import case_list
