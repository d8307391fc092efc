from . import referral_make
from . import referral_step
