from . import rating_invitation
from . import request_rating
from . import service
from . import survey_question
from . import survey_survey
from . import survey_user_input
