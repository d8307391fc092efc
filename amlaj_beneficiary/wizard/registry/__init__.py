from . import beneficiary_reason
