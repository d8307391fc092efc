from . import volunteering_step
