from . import volunteer
from . import guardian
from . import volunteering
