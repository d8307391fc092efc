from odoo import api, models

from ...tools.text import isolate

# by these one asks or helps; they are no way of reaching a person
NOT_FOR_ANSWERS = ('help_request', 'volunteering')


class AmlajChangeRequest(models.Model):
    """Whoever asked for a change is told that there is an answer: a file number, and nothing of what changed."""
    _inherit = 'amlaj.change.request'

    def _notify(self, former_phone=None):
        vals_list = []
        for change_sudo in self.sudo():  # the decision was checked by its own step
            file_sudo = change_sudo.beneficiary_id
            told = change_sudo.with_context(lang=file_sudo.lang or self.env.lang)
            vals = {'beneficiary_id': file_sudo.id, 'kind': 'notice'}
            vals_list.append({**vals, 'body': told._notice_text()})
            if former_phone and former_phone != file_sudo.phone:
                vals_list.append({**vals, 'body': told._former_text(), 'phone': former_phone})
        self.env['amlaj.message']._prepare_messages(vals_list)
        return super()._notify(former_phone)

    def _notice_text(self):
        """A number and what to do, in the beneficiary's language."""
        number, phone = self._reach_numbers(self.beneficiary_id)
        if phone:
            return self.env._(
                "There is news of your file no. %(number)s. To see it, open your page or call %(phone)s.",
                number=number, phone=phone)
        return self.env._(
            "There is news of your file no. %(number)s. To see it, open your page or ask the sub-office.",
            number=number)

    def _former_text(self):
        """What the number that was there before is told: whoever did not ask for the change calls."""
        number, phone = self._reach_numbers(self.beneficiary_id)
        if phone:
            return self.env._(
                "From now on we call another number about file no. %(number)s. If you did not ask for that, please call "
                "%(phone)s.", number=number, phone=phone)
        return self.env._(
            "From now on we call another number about file no. %(number)s. If you did not ask for that, please tell the "
            "sub-office.", number=number)

    @api.model
    def _reach_numbers(self, file):
        """The number of a file and the phone that answers about it, each kept whole inside a sentence."""
        return isolate(file.file_number), isolate(file.branch_id.phone or self.env.company._get_paper_phone() or '')


class AmlajBeneficiary(models.Model):
    """The channel by which a person prefers to be reached is a wish like the hours."""
    _inherit = 'amlaj.beneficiary'

    def _change_fields(self, subject):
        names = super()._change_fields(subject)
        return ('preferred_channel_id', *names) if subject == 'reach' else names

    @api.model
    def _change_choices(self, subject, name):
        if name != 'preferred_channel_id':
            return super()._change_choices(subject, name)
        channels_sudo = self.env['amlaj.channel'].sudo().search_fetch([], ['name', 'code'])  # the list is no secret
        return [(str(channel.id), channel.name) for channel in channels_sudo if channel.code not in NOT_FOR_ANSWERS]

    @api.model
    def _file_fields(self):
        return (*super()._file_fields(), 'preferred_channel_id')

    def _told_wishes(self):
        return ' · '.join(filter(None, [self.preferred_channel_id.name, super()._told_wishes()]))
