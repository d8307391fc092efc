from . import request_step
from . import document_step
from . import delivery_step
from . import payment_step
from . import distribution_gather
