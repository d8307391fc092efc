from . import volunteer
from . import guardian
from . import volunteering
from . import opportunities
from . import my_opportunities
from . import supervise
from . import support
