from markupsafe import Markup

from odoo import api, models
from odoo.fields import Domain

MOST_LINKS = 40


class AmlajRequest(models.Model):
    """What is late is said every week to who owns it, and all of it to the managers (R23, R64; design rule 2)."""
    _inherit = 'amlaj.request'

    @api.model
    def _cron_tell_late(self):
        """Send the week's messages: numbers, stages and links; no name, and nothing of the matter in the subject."""
        late = self.search(Domain('is_late', '=', True), order='stage_due, id')
        managers = self.env.ref('amlaj_beneficiary.group_manager').all_user_ids.filtered('active')
        by_user = {user: late for user in managers}
        for user, owned in late.grouped('user_id').items():
            if user and user.active and not user.share and user not in by_user:
                by_user[user] = owned
        for user, requests in by_user.items():
            # who has no address sees the same on his first screen
            if requests and user.email_normalized:
                requests._tell_late(user)

    def _tell_late(self, user):
        """Send ``user`` the list of these requests in his language (superuser)."""
        in_his_language = self.with_context(lang=user.lang)
        in_his_language.env['mail.thread'].message_notify(
            partner_ids=user.partner_id.ids, subject=in_his_language.env._("Requests that are late with us"),
            body=in_his_language._late_body(), email_layout_xmlid='amlaj_beneficiary.mail_layout')

    def _late_body(self):
        states = dict(self._fields['state']._description_selection(self.env))
        base = self[0].get_base_url()
        lines = Markup().join(
            Markup('<li><a href="{url}"><bdi dir="ltr">{number}</bdi></a> – {state} – <bdi dir="ltr">{day}</bdi></li>').format(
                url=f'{base}/odoo/action-amlaj_beneficiary.amlaj_request_action/{request.id}', number=request.name,
                state=states[request.state], day=request.stage_due.strftime('%d/%m/%Y'))
            for request in self[:MOST_LINKS])
        more = self.env._("and %(count)s more", count=len(self) - MOST_LINKS) if len(self) > MOST_LINKS else ''
        return Markup('<p>{intro}</p><ul>{lines}</ul><p>{more}</p><p><a href="{home}">{all}</a></p>').format(
            intro=self.env._("These requests have passed the day that we set ourselves:"), lines=lines, more=more,
            home=f'{base}/odoo/waiting-for-you', all=self.env._("Show what waits for me"))
