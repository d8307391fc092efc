from . import beneficiary_reason
from . import change_entry
