from . import test_committee_papers
