from . import settings
from . import volunteer_choices
from . import volunteer
