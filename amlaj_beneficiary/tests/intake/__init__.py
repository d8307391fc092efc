from . import test_channel_message
