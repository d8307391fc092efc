from . import access_log
from . import guarded
from . import beneficiary
