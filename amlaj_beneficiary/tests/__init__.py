from .tools import *
from .registry import *
from .governance import *
from .intake import *
from .request import *
from .committee import *
from .listening import *
from .people import *
