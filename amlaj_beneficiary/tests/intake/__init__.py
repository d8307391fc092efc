from . import test_change_message
from . import test_channel_message
from . import test_message_send
from . import test_message_undo
