from datetime import timedelta

from odoo import fields

from .. import common


class PeopleBuilders(common.AmlajBuilders):
    """Builders of the room: volunteers, with and without an account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.coordinator = cls.user['volunteer_coordinator']

    @classmethod
    def make_volunteer(cls, name="Lamia Adel Hassan", user=None, **vals):
        """A volunteer, an adult unless ``birth_date`` says otherwise; with ``user`` as the account."""
        return cls.env['amlaj.volunteer'].create({
            'name': name, 'phone': '+966507654321', 'birth_date': '1995-03-04', 'gender': 'female',
            'user_id': user.id if user else False, **vals})

    @classmethod
    def birth_of(cls, age, days=0):
        """The birth date of somebody who is ``age`` years old since ``days`` days."""
        today = cls.env['amlaj.volunteer']._today()
        return fields.Date.subtract(today - timedelta(days=days), years=age)


class PeopleCommon(PeopleBuilders, common.AmlajCommon):
    """Base of the room's tests."""


class PeopleHttpCommon(PeopleBuilders, common.AmlajHttpCommon):
    """Base of the room's tests over HTTP."""
