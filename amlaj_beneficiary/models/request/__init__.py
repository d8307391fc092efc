from . import beneficiary_category
from . import document_type
from . import res_config_settings
from . import service
from . import service_catalogue
from . import service_requirement
