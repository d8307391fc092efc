from odoo import api, fields, models

from ...tools import hijri


class AmlajDecision(models.Model):
    """The member's screen of one file: what he may do on it, and his vote in one tap (R60)."""
    _inherit = 'amlaj.decision'

    session_state = fields.Selection(related='session_id.state', string="State of the session")
    session_date = fields.Date(related='session_id.date', string="Date of the session")
    service_kind = fields.Selection(related='service_id.kind')
    may_vote = fields.Boolean(compute='_compute_may')
    may_recuse = fields.Boolean(compute='_compute_may')
    may_decide = fields.Boolean(compute='_compute_may')

    @api.depends('result', 'session_id.state', 'session_id.present_ids', 'recusal_ids')
    @api.depends_context('uid')
    def _compute_may(self):
        permitted = {action: self.session_id._filtered_actor(action) for action in ('vote', 'recuse', 'decide')}
        vote, recuse = self._get_blockers('vote'), self._get_blockers('recuse')
        for decision in self:
            session = decision.session_id
            decision.may_vote = session in permitted['vote'] and not vote[decision.id]
            decision.may_recuse = (
                session in permitted['recuse'] and not recuse[decision.id] and decision.my_vote != 'recused')
            decision.may_decide = (
                session in permitted['decide'] and session.sudo().state == 'open' and not decision.result)

    def _is_exception(self):
        """Whether it is better decided by itself: a member stood back or voted otherwise, or no approval is proposed."""
        self.ensure_one()
        own = self.vote_ids.filtered('is_own')
        return bool(self.recusal_ids) or self.proposed_result != 'approved' or any(vote.vote != 'for' for vote in own)

    def action_vote_for(self):
        """Vote for what is proposed, as a member for himself."""
        return self._vote('for')

    def action_vote_against(self):
        """Vote against what is proposed, as a member for himself."""
        return self._vote('against')

    def action_vote_abstain(self):
        """Abstain, as a member for himself."""
        return self._vote('abstain')

    def _vote(self, vote):
        for session in self.session_id:
            items = self.filtered(lambda item, s=session: item.session_id == s)
            session.action_vote(items.sudo().request_id.ids, vote)  # the session's step checks who votes on what
        return True

    def _dossier_values(self, dossier):
        """What the screen's template needs beside the dossier: labels, days and amounts as people read them."""
        lang = self.env.lang or 'en_US'
        paper = self.env['amlaj.paper']

        def label(model, name, value):
            return dict(self.env[model]._fields[name]._description_selection(self.env)).get(value, '')

        return {
            'dossier': dossier, 'label': label,
            'day': lambda text: hijri.short_date(fields.Date.to_date(text), lang) if text else '',
            'amount': lambda text: paper._show_amount(float(text)) if float(text or 0) else '',
            'quantity': lambda text: f'{float(text):g}',
        }
