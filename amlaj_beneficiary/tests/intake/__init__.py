from . import test_change_message
from . import test_channel_message
from . import test_message_send
from . import test_interaction
from . import test_referral
from . import test_appointment
from . import test_need
from . import test_tools
