from odoo import api, fields, models
from odoo.exceptions import UserError

from ..registry.guarded import Actors
from .interaction import READERS
from .interaction_line import DESK


class AmlajNeedKind(models.Model):
    """A kind of need that no service of the association covers yet (R16, R26). Managers keep the list."""
    _name = 'amlaj.need.kind'
    _description = "Kind of need"
    _inherit = ['amlaj.catalogue.mixin']
    _order = 'sequence, name, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    def action_note(self):
        """Note this need for the contact that is open on the screen, by one tap."""
        self.ensure_one()
        contact = self._picked_contact()
        contact._do('note_need')
        self.env['amlaj.unmet.need'].create({
            'kind_id': self.id, 'interaction_id': contact.id, 'branch_id': contact.branch_id.id,
            'locality_id': contact.locality_id.id})
        return {'type': 'ir.actions.act_window_close'}

    def _picked_contact(self):
        contact = self.env['amlaj.interaction']._picked('amlaj.interaction', self.env.context.get('amlaj_interaction_id'))
        if not contact:
            raise UserError(self.env._("Please open the contact first."))
        return contact


class AmlajUnmetNeed(models.Model):
    """A need that somebody had and no service covers: its kind, village and day, for the report by kind and village (R16,
    R26). It names nobody; only the desk sees at which contact it was noted.

    Relations employees, managers and the representatives of the sub-office note it; the quality officer and the auditor
    read it.
    """
    _name = 'amlaj.unmet.need'
    _description = "Need not covered"
    _inherit = ['amlaj.guarded']
    _order = 'id desc'
    _rec_name = 'kind_id'

    kind_id = fields.Many2one('amlaj.need.kind', string="Kind of need", required=True, index=True, ondelete='restrict')
    locality_id = fields.Many2one('amlaj.locality', string="Village or district", index='btree_not_null', ondelete='restrict')
    branch_id = fields.Many2one(
        'amlaj.branch', string="Sub-office", index='btree_not_null', ondelete='restrict',
        default=lambda self: self.env['amlaj.beneficiary']._default_branch())
    noted_on = fields.Date(string="Noted on", required=True, index=True, default=lambda self: self._today(), copy=False)
    noted_by_id = fields.Many2one('res.users', string="Noted by", default=lambda self: self.env.user, copy=False)
    interaction_id = fields.Many2one(
        'amlaj.interaction', string="Noted at the contact", index='btree_not_null', ondelete='set null', copy=False,
        groups=READERS)

    _once = models.UniqueIndex(
        '(interaction_id, kind_id) WHERE interaction_id IS NOT NULL', "This need was noted at this contact already.")

    _guarded_fields = frozenset({'noted_by_id'})

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_links(vals)
        return super().create(vals_list)

    def _file(self):
        return self.env['amlaj.beneficiary']  # it names nobody


class AmlajInteraction(models.Model):
    _inherit = 'amlaj.interaction'

    need_ids = fields.One2many('amlaj.unmet.need', 'interaction_id', string="Needs not covered", copy=False)

    def action_pick_need(self):
        """Show the kinds of needs: one more tap notes the one that no service covers."""
        self.ensure_one()
        self._check_actor('note_need')
        self._check_blockers('note_need')
        return {
            **self.env['ir.actions.act_window']._for_xml_id('amlaj_beneficiary.amlaj_need_kind_action_pick'),
            'context': {'amlaj_interaction_id': self.id}}

    def _actors(self):
        return super()._actors() | {'note_need': Actors(DESK)}
