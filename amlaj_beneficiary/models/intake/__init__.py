from . import channel
from . import message
from . import message_phone
from . import beneficiary
from . import change_request
from . import home
