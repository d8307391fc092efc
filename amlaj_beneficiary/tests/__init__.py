from .tools import *
from .registry import *
from .request import *
