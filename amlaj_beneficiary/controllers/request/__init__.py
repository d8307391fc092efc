from . import services
from . import sign
from . import portal
from . import apply
from . import follow
from . import payment
from . import field
