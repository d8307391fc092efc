from .tools import *
from .registry import *
from .governance import *
from .request import *
from .committee import *
