from . import request_step
