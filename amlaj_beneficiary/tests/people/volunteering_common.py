from datetime import datetime, timedelta

from odoo import fields

from .people_common import PeopleBuilders, common

LOGGERS = ('odoo.models', 'odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule')


class VolunteeringBuilders(PeopleBuilders):
    """Builders of opportunities and of those who join them; the supervisor is a delivery officer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supervisor = cls.user['delivery']
        cls.portal = cls.make_portal_user('amlaj_helper')
        cls.volunteer = cls.make_volunteer(user=cls.portal)

    @classmethod
    def moment(cls, days=0, hour=9):
        """A moment in UTC: ``hour`` o'clock of the association's clock, ``days`` from today."""
        day = cls.env['amlaj.volunteer']._today() + timedelta(days=days)
        return datetime(day.year, day.month, day.day) + timedelta(hours=hour - 3)

    @classmethod
    def make_opportunity(cls, name="Planting at the lagoon", days=3, opened=True, hours=(9, 13), **vals):
        """An opportunity of one morning, open unless it is told otherwise."""
        opportunity = cls.env['amlaj.volunteer.opportunity'].create({
            'name': name, 'date_begin': cls.moment(days, hours[0]), 'date_end': cls.moment(days, hours[1]), 'seats': 2,
            'risk_note': "Take water.", 'supervisor_id': cls.supervisor.id, **vals})
        if opened:
            opportunity.state = 'open'
        return opportunity

    @classmethod
    def make_past(cls, days=-2, **vals):
        """An opportunity that is over, with the volunteer in it."""
        opportunity = cls.make_opportunity(days=days, **vals)
        participation = cls.env['amlaj.volunteer.participation'].create({
            'volunteer_id': cls.volunteer.id, 'opportunity_id': opportunity.id})
        return opportunity, participation

    @classmethod
    def make_member(cls, name, **vals):
        """Another volunteer with an account of his own."""
        cls.rank = getattr(cls, 'rank', 0) + 1
        user = cls.make_portal_user(f'amlaj_helper_{cls.rank}')
        return cls.make_volunteer(name, user, phone=f'05011122{cls.rank:02}', **vals)

    def join(self, opportunity, volunteer=None, shift=None):
        """Join as the volunteer himself would; return his participation."""
        volunteer = volunteer or self.volunteer
        opportunity.with_user(volunteer.user_id).action_join(shift.id if shift else None)
        return opportunity.participation_ids.filtered(
            lambda deed: deed.volunteer_id == volunteer and deed.shift_id.id == (shift.id if shift else False))

    def day(self, days=0):
        return fields.Date.to_string(self.env['amlaj.volunteer']._today() + timedelta(days=days))


class VolunteeringCommon(VolunteeringBuilders, common.AmlajCommon):
    """Base of the tests of volunteering."""


class VolunteeringHttpCommon(VolunteeringBuilders, common.AmlajHttpCommon):
    """Base of the tests of volunteering over HTTP."""
