from . import agreement_step
