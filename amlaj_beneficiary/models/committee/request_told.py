from odoo import models

from .decision import GRANTED


class AmlajRequest(models.Model):
    """What the applicant is told of a decision: nothing before the reply, all of it afterwards (R61, R62)."""
    _inherit = 'amlaj.request'

    def _told_committee_text(self):
        if self.reopened_at:
            # the period of the first answer is over; there are no new two weeks
            return self.env._("With the research committee, which studies your objection")
        return super()._told_committee_text()

    def _list_fields(self):
        return [*super()._list_fields(), 'reopened_at']

    def _delivery_fields(self):
        return [*super()._delivery_fields(), 'is_stopped']

    def _told_deliveries(self, door):
        deliveries = super()._told_deliveries(door)
        if not self.reopened_at:
            return deliveries
        # what the review stopped did not fail: the new decision plans it again
        rows = self.env['amlaj.delivery'].browse(delivery['id'] for delivery in deliveries)
        stopped = rows.filtered('is_stopped').ids
        return [delivery for delivery in deliveries if delivery['id'] not in stopped]

    def _told_result(self, door):
        if not self.replied_at or not self.decision_id:
            return super()._told_result(door)
        decision, paper = self.decision_id, self.env['amlaj.paper']
        is_granted = decision.result in GRANTED
        return {
            'text': self._told_acceptance(decision) if is_granted else paper._apology_text(self),
            'reason': decision.reason_id.letter_text or '',
            'amount_text': paper._show_amount(decision.amount) if door == 'portal' else '',
            'is_granted': is_granted,
            'objection_text': '' if decision.result == 'approved' else paper._objection_text(self),
        }

    def _told_acceptance(self, decision):
        number = self.env['amlaj.paper']._ltr(self.name)
        if decision.result == 'partial':
            return self.env._("We are pleased to tell you that a part of your request no. %(number)s was accepted.",
                              number=number)
        return self.env._("We are pleased to tell you that your request no. %(number)s was accepted.", number=number)

    def _told_dates(self):
        dates = super()._told_dates()
        if self.replied_at:
            dates.append((self.env._("Answered on"), self._told_day(self.replied_at)))
        return dates
