import re
from datetime import timedelta

from odoo import fields

from .. import common
from ..registry import entry_common


class PeopleBuilders(common.AmlajBuilders):
    """Builders of the room: sign-ups, volunteers with and without an account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coordinator = cls.user['volunteer_coordinator']
        cls.team = cls.env.ref('amlaj_beneficiary.crm_team_volunteers')
        cls.field = cls.env.ref('amlaj_beneficiary.volunteer_field_planting')

    @classmethod
    def make_volunteer(cls, name="Lamia Adel Hassan", user=None, **vals):
        """A volunteer, an adult unless ``birth_date`` says otherwise; with ``user`` as the account."""
        return cls.env['amlaj.volunteer'].create({
            'name': name, 'phone': '+966507654321', 'birth_date': '1995-03-04', 'gender': 'female',
            'user_id': user.id if user else False, **vals})

    @classmethod
    def make_application(cls, name="Sara Ali Aljohani", **vals):
        """A sign-up of an adult unless ``birth_date`` says otherwise, in the pipeline of its team."""
        return cls.env['amlaj.volunteer.application'].create({
            'name': name, 'phone': '+966551234567', 'birth_date': '1990-02-10', 'field_ids': [cls.field.id], **vals})

    @classmethod
    def stage(cls, name):
        return cls.env.ref(f'amlaj_beneficiary.crm_stage_volunteer_{name}')

    @classmethod
    def birth_of(cls, age, days=0):
        """The birth date of somebody who is ``age`` years old since ``days`` days."""
        today = cls.env['amlaj.volunteer']._today()
        return fields.Date.subtract(today - timedelta(days=days), years=age)


class PeopleCommon(PeopleBuilders, common.AmlajCommon):
    """Base of the room's tests."""


class PeoplePagesCommon(PeopleBuilders, entry_common.EntryHttpCommon):
    """Base of the tests of the room's pages, read in English."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.young = f'{cls.birth_of(17):%d/%m/%Y}'

    def answers(self, **values):
        """What a person types into the page."""
        return {
            'name': "سارة علي الجهني", 'phone': '٠٥٥١٢٣٤٥٦٧', 'birth_text': '12/2/1990', 'field': str(self.field.id),
            'availability': 'weekends', 'ethics': '1', 'notice': '1', **values}

    def sign_up(self, **values):
        return self.post('/volunteer', **self.answers(**values))

    def sign_up_young(self, **values):
        return self.sign_up(**{
            'birth_text': self.young, 'guardian_name': "علي حمد الجهني", 'guardian_phone': '0550000001', **values})

    def newest(self):
        return self.env['amlaj.volunteer.application'].search([], limit=1)

    def link_of(self, application):
        """The path of the guardian's link, as his message has it."""
        message = self.env['amlaj.message'].search(
            [('application_id', '=', application.id), ('state', '!=', 'cancelled')], limit=1)
        return re.search(r'/guardian/[\w-]+', message.body)[0]
