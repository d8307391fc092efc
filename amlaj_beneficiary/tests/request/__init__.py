from . import test_service
from . import test_service_access
from . import test_service_catalogue
from . import test_request_papers
