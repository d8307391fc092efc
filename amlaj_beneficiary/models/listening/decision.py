from odoo import models


class AmlajDecision(models.Model):
    """An objection on the agenda: the members read what the applicant says, what was decided before and why, and why the
    objection was upheld (R60, A20). It is kept with the file at the decision."""
    _inherit = 'amlaj.decision'

    def _dossiers(self):
        dossiers = super()._dossiers()
        reviews = self.sudo().filtered(lambda item: item.kind == 'objection')  # the caller has checked who looks
        upheld = reviews and reviews.request_id._objections_sudo().filtered(lambda ticket: ticket.outcome == 'upheld')
        for item in reviews:
            # the newest of those that were upheld before this item came to be
            mine = upheld.filtered(lambda t, i=item: t.request_id == i.request_id and t.decision_id.id < i.id)[:1]
            if mine:
                dossiers[item.id]['objection'] = item._objection_part(mine)
        return dossiers

    def _objection_part(self, ticket):
        decision = ticket.decision_id
        return {
            'number': ticket.name, 'received_on': str(ticket.received_on), 'text': ticket.text,
            'grounds': ticket.answer or '',
            'decided_on': str(self._local_day(decision.decided_at)) if decision.decided_at else '',
            'result': decision.result, 'reason': decision.reason_id.letter_text or decision.reason_id.name or '',
            'note': decision.note or '',
        }
