from .registry import *
from .request import *
