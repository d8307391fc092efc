from odoo import fields, models

from ..registry.guarded import Actors, AddedFields, Blocker


class AmlajVote(models.Model):
    """A member says that he did not vote as it was recorded for him: he need not have been asked by whoever keeps the
    record, and the reply waits two weeks, so there is time (R60, rule 1)."""
    _inherit = 'amlaj.vote'

    disputed_at = fields.Datetime(
        string="Disputed on", copy=False, help="When the member said that this is not his vote.")

    _guarded_fields = AddedFields('disputed_at')

    def action_confirm(self):
        self.filtered('disputed_at')._do('confirm_vote', {'disputed_at': False})
        return super().action_confirm()

    def action_dispute(self):
        """Say, as the member himself, that what was recorded is not his vote; he may still confirm it later.

        While the decision stands on it, the reply waits.
        """
        return self._do('dispute_vote', {'disputed_at': fields.Datetime.now()})

    def _actors(self):
        return super()._actors() | {'dispute_vote': Actors(frozenset({'committee'}))}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for vote in self.sudo() if action == 'dispute_vote' else ():  # the actor is checked apart
            if vote.confirmed_at or vote.disputed_at:
                blockers[vote.id].append(Blocker('state', self.env._("Only a vote that waits for you can be disputed.")))
            if vote.decision_id.replied_at:
                blockers[vote.id].append(Blocker('replied', self.env._("This decision was replied already.")))
        return blockers


class AmlajDecision(models.Model):
    _inherit = 'amlaj.decision'

    def _stands_on_disputed(self):
        """Whether this decision has no majority without the votes that their members dispute (superuser)."""
        self.ensure_one()
        disputed = self.vote_ids.filtered('disputed_at')
        counted = [row._counts_as(self.result) for row in self.vote_ids - disputed]
        return bool(disputed) and counted.count('for') <= counted.count('against')

    def _annul(self, reason):
        """Take a decision off that was never replied; it stays in the list, with why (the step was checked)."""
        self.write({'result': 'withdrawn', 'note': "\n".join(filter(None, (self.note, reason)))})


class AmlajRequest(models.Model):
    """What a manager does with a decision that was recorded wrongly, before anybody was told of it."""
    _inherit = 'amlaj.request'

    def action_annul_decision(self, reason):
        """Give the request to the committee once more, as a manager, since its decision was recorded wrongly.

        The decision stays with its frozen file and the reason; nothing was told to the applicant, and his days run on.

        :param reason: what is wrong, and who found it
        """
        reason = self._require_reason(reason)
        for request in self:
            request._do('annul_decision')
            decision_sudo = request.sudo().decision_id  # the actor and the blockers were asked just above
            request.sudo().decision_id = False
            decision_sudo._annul(reason)
            request._record_access('annul', 'decision_id')
        return True

    def _actors(self):
        return super()._actors() | {'annul_decision': Actors(frozenset({'manager'}))}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action == 'annul_decision':
            for request in self.sudo():  # the actor is checked apart
                if request.state != 'committee' or not request.decision_id.session_id or request.replied_at:
                    blockers[request.id].append(Blocker('state', self.env._(
                        "Only a decision of the committee that was not replied yet is taken back.")))
        return blockers

    def _reply_blockers(self, request):
        lacks = super()._reply_blockers(request)
        if request.decision_id.session_id and request.decision_id._stands_on_disputed():
            lacks.append(Blocker('disputed', self.env._(
                "The decision on request %(number)s stands on votes that their members dispute. They confirm them, or a "
                "manager takes the decision back.", number=request.name)))
        return lacks
