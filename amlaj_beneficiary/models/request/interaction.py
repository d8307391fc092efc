from odoo import api, fields, models

from ..registry.guarded import AddedFields


class AmlajInteraction(models.Model):
    """A contact may be about a request, or begin one: nobody tells his story twice (R49, R50)."""
    _inherit = 'amlaj.interaction'

    request_id = fields.Many2one(
        'amlaj.request', string="About the request", index='btree_not_null', ondelete='set null', copy=False,
        domain="[('beneficiary_id', '=', beneficiary_id)]")

    def action_open_request(self):
        """Begin a request from this contact, or open the one that it is about; a visitor gets a provisional file first.

        :return: the action that shows the request, which has its number already
        """
        self.ensure_one()
        self._check_actor('open_request')
        if not self.request_id:
            self._check_blockers('open_request')
            file = self._ensure_file()
            lines = self.line_ids
            self.request_id = self.env['amlaj.request'].create({
                'beneficiary_id': file.id, 'channel_id': self.channel_id.id, 'origin': 'staff',
                'description': '\n'.join(lines.mapped('question')) or False})
        return {
            **self.env['ir.actions.act_window']._for_xml_id('amlaj_beneficiary.amlaj_request_action_new'),
            'res_id': self.request_id.id}

    def _actors(self):
        actors = super()._actors()
        return actors | {'open_request': actors['open_file']}

    @api.onchange('beneficiary_id')
    def _onchange_beneficiary_id(self):
        result = super()._onchange_beneficiary_id()
        self.request_id = False
        return result


class AmlajReferral(models.Model):
    """A question about a request: asked from it in one click, its answer stands on the applicant's page (R56)."""
    _inherit = 'amlaj.referral'

    request_id = fields.Many2one(
        'amlaj.request', string="About the request", index='btree_not_null', ondelete='restrict', copy=False)

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if request := self._picked('amlaj.request', vals.get('request_id')):
                self._check_links({'request_id': request.id})
                # whether the user may read the request was asked just before
                vals['beneficiary_id'] = request.sudo().beneficiary_id.id
        return super().create(vals_list)

    @api.model
    def _vals_of_contact(self, contact):
        return {**super()._vals_of_contact(contact), 'request_id': contact.request_id.id}

    def _tell(self):
        return self.request_id._prepare_notice('update') if self.request_id else super()._tell()


class AmlajRequest(models.Model):
    _inherit = 'amlaj.request'

    interaction_ids = fields.One2many('amlaj.interaction', 'request_id', string="Contacts with people", copy=False)
    referral_ids = fields.One2many('amlaj.referral', 'request_id', string="Referrals", copy=False)
    referral_count = fields.Integer(string="Number of referrals", compute='_compute_referral_count')

    _guarded_fields = AddedFields('referral_ids')

    def _compute_referral_count(self):
        Referral = self.env['amlaj.referral']
        counts = dict(Referral._read_group([('request_id', 'in', self.ids)], ['request_id'], ['__count'])
                      ) if Referral.has_access('read') else {}
        for request in self:
            request.referral_count = counts.get(request, 0)

    def _told_questions(self):
        """The questions about this request that were referred and answered: ``{'question',
        'answer', 'date'}``, newest first (superuser)."""
        if self.replied_at:
            return []  # the answer to the request itself stands there now
        referrals = self._fetched('referral_ids', 'question', 'answer', 'answered_at', 'state')
        return [
            {'question': referral.question, 'answer': referral.answer, 'date': self._told_day(referral.answered_at)}
            for referral in referrals if referral.state == 'answered']

    def _told_page(self, mandates):
        told, file = super()._told_page(mandates), self.beneficiary_id
        asks_hours = told['may_act'] and not file.hours_to_call and self.state not in ('done', 'rejected', 'cancelled')
        return {
            **told, 'questions': self._told_questions(),
            'hours_url': asks_hours and f'/my/file/change/reach?file={file.id}'}
