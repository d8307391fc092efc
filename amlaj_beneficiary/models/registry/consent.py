from odoo import fields, models

from .guarded import Actors, Blocker

CONSENT_VERSION = '2026-1'


class AmlajConsent(models.Model):
    """One consent for one purpose, with its time and method; withdrawn, never deleted (PDPL, R69).

    Handling a request needs none. Relations employees record what the person ticked; nobody edits it afterwards.
    """
    _name = 'amlaj.consent'
    _description = "Consent"
    _inherit = ['amlaj.guarded']
    _order = 'beneficiary_id, given_at desc, id desc'
    _rec_name = 'purpose'

    beneficiary_id = fields.Many2one(
        'amlaj.beneficiary', required=True, index=True, ondelete='cascade')
    purpose = fields.Selection('_selection_purpose', required=True)
    text_version = fields.Char(string="Text version", required=True, default=CONSENT_VERSION, copy=False)
    method = fields.Selection([
        ('written', "Written"),
        ('verbal', "Spoken"),
        ('phone', "By phone"),
        ('portal', "In the portal"),
    ], required=True, default='written')
    given_at = fields.Datetime(string="Given on", required=True, default=fields.Datetime.now, copy=False)
    captured_by_id = fields.Many2one(
        'res.users', string="Recorded by", default=lambda self: self.env.user, copy=False)
    withdrawn_at = fields.Datetime(string="Withdrawn on", copy=False)

    _one_in_force = models.UniqueIndex(
        '(beneficiary_id, purpose) WHERE withdrawn_at IS NULL',
        "There is a consent for this purpose already.")

    _guarded_fields = frozenset({'text_version', 'given_at', 'captured_by_id', 'withdrawn_at'})
    _portal_fields = frozenset({'beneficiary_id', 'purpose', 'text_version', 'method', 'given_at', 'withdrawn_at'})

    def _selection_purpose(self):
        return [
            ('awareness', self.env._("Awareness messages")),
            ('enquiry', self.env._("Asking other bodies about the data given")),
            ('partners', self.env._("Passing data to a partner body that serves")),
        ]

    def action_withdraw(self):
        """Withdraw the consent from now on; what was done before stays as it was."""
        return self._do('withdraw_consent', {'withdrawn_at': fields.Datetime.now()})

    def _actors(self):
        return super()._actors() | {
            'withdraw_consent': Actors(
                frozenset({'relations', 'representative', 'manager', 'privacy_officer'}), 'may_apply')}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for consent in self:
            if action == 'withdraw_consent' and consent.withdrawn_at:
                blockers[consent.id].append(Blocker('state', self.env._("This consent was withdrawn before.")))
        return blockers
