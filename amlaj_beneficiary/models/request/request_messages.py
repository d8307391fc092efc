from datetime import timedelta

from odoo import api, fields, models

from ...tools.text import isolate
from ..registry.guarded import AddedFields

REMINDER_DAYS = (7, 21, 45)
BATCH = 200


class AmlajMessage(models.Model):
    _inherit = 'amlaj.message'

    request_id = fields.Many2one('amlaj.request', index='btree_not_null', ondelete='cascade')
    kind = fields.Selection(selection_add=[
        ('incomplete', "Something is missing"),
        ('reminder', "Reminder of what is missing"),
        ('update', "News of the request"),
    ], ondelete={'incomplete': 'cascade', 'reminder': 'cascade', 'update': 'cascade'})

    _guarded_fields = AddedFields('request_id')
    _portal_fields = AddedFields('request_id')


class AmlajRequest(models.Model):
    """What the applicant is told by a message: that there is news, or that something is missing; never the help, the
    result or the reason (design rule 9). Reminders go out after 7, 21 and 45 days (R22, R53)."""
    _inherit = 'amlaj.request'

    message_out_ids = fields.One2many('amlaj.message', 'request_id', string="Messages to the beneficiary", copy=False)
    reminders_sent = fields.Integer(string="Reminders sent", copy=False)

    def _prepare_notice(self, kind):
        """Queue a message to the applicant of each request; one of the same kind that still waits is replaced by it."""
        vals_list = []
        for request_sudo in self.sudo():  # called after a step whose actor was checked
            request_sudo._cancel_notices(kind)
            lang = request_sudo.beneficiary_id.lang or self.env.lang
            vals_list.append({
                'request_id': request_sudo.id, 'beneficiary_id': request_sudo.beneficiary_id.id, 'kind': kind,
                'body': request_sudo.with_context(lang=lang)._notice_text(kind)})
        self.env['amlaj.message']._prepare_messages(vals_list)
        return True

    def _cancel_notices(self, *kinds):
        """Nobody is to be sent a message of these kinds that still waits (superuser)."""
        self.message_out_ids.filtered(
            lambda message: message.state == 'ready' and message.kind in kinds).write({'state': 'cancelled'})

    def _notice_text(self, kind):
        """A number and what to do, in the beneficiary's language."""
        self.ensure_one()
        number = isolate(self.name)
        phone = isolate(self.branch_id.phone or self.env.company.phone)
        ask = self.env._("call %(phone)s or ask the sub-office", phone=phone) if phone \
            else self.env._("ask the sub-office")
        link = f'{self.get_base_url()}/follow-up'
        if kind in ('incomplete', 'reminder'):
            return self.env._(
                "We received your request no. %(number)s; something is still missing. To see it and send it: %(link)s, or "
                "%(ask)s. Your request keeps its place.", number=number, link=link, ask=ask)
        return self.env._(
            "There is news of your request no. %(number)s. To see it: %(link)s, or %(ask)s.",
            number=number, link=link, ask=ask)

    @api.model
    def _cron_remind(self):
        """Queue the reminders that are due: 7, 21 and 45 days after a request began to wait for its applicant.

        Idempotent: a reminder is counted in the same transaction as it is queued. Days without this cron are not made
        up for by several reminders at once.
        """
        waiting = self.search([
            ('state', '=', 'incomplete'), ('is_aside', '=', False), ('reminders_sent', '<', len(REMINDER_DAYS))])
        now = fields.Datetime.now()
        for start in range(0, len(waiting), BATCH):
            batch = waiting[start:start + BATCH].try_lock_for_update()
            for request in batch:
                waited = now - request.transition_ids[-1:].at
                due = sum(waited >= timedelta(days=days) for days in REMINDER_DAYS)
                if due > request.reminders_sent:
                    request._prepare_notice('reminder')
                    request.reminders_sent = due
            self.env['ir.cron']._commit_progress(len(batch), remaining=max(len(waiting) - start - BATCH, 0))
