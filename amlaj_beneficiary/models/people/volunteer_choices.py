from odoo import fields, models


class AmlajVolunteerField(models.Model):
    """A field in which people wish to help: planting, visits, photography (R42).

    Every role of the app reads the list; the coordinator and managers edit it. Visitors of ``/volunteer`` see the names.
    """
    _name = 'amlaj.volunteer.field'
    _description = "Field of volunteering"
    _inherit = ['amlaj.catalogue.mixin']
    _order = 'sequence, name, id'

    _portal_fields = frozenset({'name', 'sequence'})

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)


class AmlajVolunteerSkill(models.Model):
    """What a volunteer can do that an opportunity may ask for: first aid, a driving licence, sign language.

    Every role of the app reads the list; the coordinator and managers edit it.
    """
    _name = 'amlaj.volunteer.skill'
    _description = "Skill of volunteers"
    _inherit = ['amlaj.catalogue.mixin']
    _order = 'sequence, name, id'

    _portal_fields = frozenset({'name', 'sequence'})

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
