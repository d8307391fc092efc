from odoo.fields import Command
from odoo.tests import TransactionCase

from ..request.request_common import RequestBuilders, RequestHttpCommon


class ResearchBuilders(RequestBuilders):
    """Builders of the research room's tests: a household, and its study in the researcher's hands."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.researcher = cls.user['researcher']
        cls.colleague = cls.make_user('amlaj_researcher2', 'researcher')
        cls.manager = cls.user['manager']
        cls.file.member_ids = [
            Command.create({'name': "Noura Salem", 'relationship': 'spouse', 'birth_date': '1992-01-01', 'gender': 'female'}),
            Command.create({'name': "Ali Salem", 'relationship': 'child', 'birth_date': '2019-01-01', 'gender': 'male'})]

    @classmethod
    def make_study(cls, taken=True, **vals):
        """The study of a request in research, in the researcher's hands."""
        request = cls.make_request('research')
        study_sudo = request._last_studies()[request.id]
        if taken:
            request.with_user(cls.researcher).action_take_study()
        study = study_sudo.with_user(cls.researcher)
        if vals:
            study.write(vals)
        return study

    @classmethod
    def finish(cls, study):
        study.write({'recommendation': "Help with the rent for six months"})
        study.action_finish()
        return study

    def log_of(self, record, event='open'):
        """The users who are in the access log with ``event`` on ``record``, newest first."""
        rows = self.env['amlaj.access.log'].search([
            ('model', '=', record._name), ('res_ref', '=', record.id), ('event', '=', event)])
        return rows.mapped('user_ref')


class ResearchCommon(ResearchBuilders, TransactionCase):
    """Base of the research room's tests."""


class ResearchHttpCommon(ResearchBuilders, RequestHttpCommon):
    """Base of the research room's tests that ask over HTTP."""
