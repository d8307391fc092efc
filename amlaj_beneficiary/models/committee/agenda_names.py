from odoo import api, fields, models

from ..registry.guarded import AddedFields
from .decision import FINAL


class AmlajCommittee(models.Model):
    _inherit = 'amlaj.committee'

    hides_names = fields.Boolean(
        string="Names are hidden until the vote",
        help="Members see file numbers and circumstances; the names come with the recorded decision.")


class AmlajDecision(models.Model):
    """Files without names until the vote, where the committee wishes it (R60).

    While an item is blind its members read neither the request nor the file (see the record rules): the dossier is all
    that they see, and it says no name. Names alone, without files, are what the question about relatives shows.
    """
    _inherit = 'amlaj.decision'

    is_blind = fields.Boolean(
        string="Without a name", compute='_compute_is_blind', store=True, compute_sudo=True, copy=False)

    _guarded_fields = AddedFields('is_blind')

    @api.depends('committee_id.hides_names', 'result')
    def _compute_is_blind(self):
        for decision in self:
            # a deferral is no decision: the name would be known before the next vote
            decision.is_blind = bool(decision.committee_id.hides_names and decision.result not in FINAL)

    @api.depends('is_blind')
    def _compute_first_name(self):
        blind = self.filtered('is_blind')
        super(AmlajDecision, self - blind)._compute_first_name()
        for decision in blind:
            decision.first_name = decision.request_id.beneficiary_id.file_number
        return None

    def _filtered_file_readable(self):
        readable = super()._filtered_file_readable()
        blind = (self - readable).filtered('is_blind')
        if not blind or not self.env.user.has_group('amlaj_beneficiary.group_committee'):
            return readable
        # by the same conditions as the rules, on the items themselves: its own agenda, while that lasts, never an own file
        mine = blind.filtered(lambda item: item.session_id.sudo().state in ('planned', 'open') and item._my_seats())
        return readable | (mine - mine._own_files())

    def _remember_relation(self, relation):
        # a relation names its file; who stood back from a blind one is asked anew at the next agenda
        return super(AmlajDecision, self.filtered(lambda item: not item.sudo().is_blind))._remember_relation(relation)

    def _namesakes(self):
        return super()._namesakes() if not self.is_blind else self.env['amlaj.committee.member']

    def _applicant_part(self):
        part = super()._applicant_part()
        return {**part, 'id': 0, 'name': part['file_number'], 'first_name': ''} if self.is_blind else part

    def _member_part(self, member):
        part = super()._member_part(member)
        return {**part, 'name': ''} if self.is_blind else part
