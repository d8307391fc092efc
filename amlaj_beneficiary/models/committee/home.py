from odoo import api, models
from odoo.fields import Domain

AWAITING = 'amlaj_beneficiary.amlaj_request_action_awaiting_reply'


class AmlajHome(models.AbstractModel):
    """What the committee waits for, and what the reply asks of whoever gives it."""
    _inherit = 'amlaj.home'

    @api.model
    def _tiles_desk(self):
        tiles = super()._tiles_desk()
        if self._has_role('relations'):
            waiting = Domain('is_awaiting_reply', '=', True)
            # a department's decision has no period of its own
            may_reply = (Domain('reply_not_before', '=', False) | Domain('reply_early_reason', '!=', False)
                         | Domain('reopened_at', '!=', False)
                         | Domain('reply_not_before', '<=', self.env['amlaj.guarded']._today()))
            tiles += [
                self._tile('to_reply', self.env._("To reply now"), AWAITING, waiting & may_reply),
                self._tile('awaiting_reply', self.env._("Decided, not replied"), AWAITING, waiting),
            ]
        return tiles

    @api.model
    def _tiles(self):
        tiles = super()._tiles()
        addon = 'amlaj_beneficiary.'
        mine = Domain('user_id', '=', self.env.uid) & Domain('is_current', '=', True)
        if self._has_role('committee'):
            open_items = Domain('session_id.state', '=', 'open') & Domain('result', '=', False)
            unvoted = Domain('vote_ids', 'not any', [('member_id.user_id', '=', self.env.uid)]) & Domain(
                'recusal_ids', 'not any', [('member_id.user_id', '=', self.env.uid)])
            tiles += [
                self._tile('votes', self.env._("Files that wait for my vote"), addon + 'amlaj_decision_action_agenda',
                           open_items & unvoted & Domain(
                               'committee_id.member_ids', 'any', mine & Domain('is_voting', '=', True))),
                self._tile('votes_confirm', self.env._("My votes to confirm"), addon + 'amlaj_vote_action_confirm',
                           Domain('member_id.user_id', '=', self.env.uid) & Domain('confirmed_at', '=', False)),
                self._tile('agendas', self.env._("Agendas that wait for my answer"), addon + 'amlaj_committee_session_action',
                           Domain('state', 'in', ('planned', 'open')) & Domain('published_at', '!=', False) & Domain(
                               'answer_ids', 'any', [('member_id.user_id', '=', self.env.uid), ('answered_at', '=', False)])),
                self._tile('sessions', self.env._("Sessions planned or open"), addon + 'amlaj_committee_session_action',
                           Domain('state', 'in', ('planned', 'open'))),
                self._tile('confirmations', self.env._("Decisions to confirm"), addon + 'amlaj_decision_action',
                           self._unconfirmed() & Domain(
                               'committee_id.member_ids', 'any', mine & Domain('role', 'in', ('chair', 'deputy')))),
            ]
        if self._has_role('manager'):
            tiles.append(self._tile(
                'votes_disputed', self.env._("Decisions with disputed votes"), addon + 'amlaj_decision_action',
                Domain('vote_ids.disputed_at', '!=', False) & Domain('replied_at', '=', False)
                & Domain('result', '!=', 'withdrawn'), 'late'))
            tiles.append(self._tile(
                'confirmations_department', self.env._("Decisions of departments to confirm"),
                addon + 'amlaj_decision_action', self._unconfirmed() & Domain('session_id', '=', False)))
        return tiles

    @api.model
    def _unconfirmed(self):
        return Domain('needs_confirmation', '=', True) & Domain('confirmed_at', '=', False) & Domain(
            'result', 'in', ('approved', 'partial'))
