from .tools import *
from .registry import *
from .governance import *
from .intake import *
from .request import *
from .research import *
from .committee import *
from .listening import *
