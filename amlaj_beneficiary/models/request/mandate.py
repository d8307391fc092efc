from odoo import api, models
from odoo.fields import Domain

MOST_ID = 2 ** 31 - 1


class AmlajMandate(models.Model):
    """What a person's own pages ask of the mandates: for which files, with which rights (R22, R70).

    Read in superuser mode, since an employee may not read the mandate that he holds himself; nobody but the holder is
    asked about.
    """
    _inherit = 'amlaj.mandate'

    @api.model
    def _held_by(self, user, domain=Domain.TRUE):
        """The valid mandates of ``user``, in superuser mode."""
        return self.sudo().search_fetch(  # the user's own mandates alone
            self._valid_domain() & Domain('user_id', '=', user.id) & domain,
            ['beneficiary_id', 'person_name', 'capacity', 'may_apply', 'may_follow'])

    @api.model
    def _held_for_request(self, user, request_id):
        """The valid mandates of ``user`` for the file of this request: none where it is another's, or never was."""
        if not 0 < request_id <= MOST_ID:
            return self.sudo().browse()
        return self._held_by(user, Domain('beneficiary_id.request_ids', '=', request_id))

    def _files(self, right='may_follow'):
        """The files for which these mandates of one holder give ``right``."""
        return self.beneficiary_id.filtered(
            lambda file: self.filtered(lambda mandate: mandate.beneficiary_id == file)._may(right))

    def _acts_for(self, file):
        """Of whom the pages of ``file`` speak, where these mandates of one holder are for somebody else.

        :return: ``{'name': his first name, 'number': of his file}``; False on the holder's own file
        """
        mine = self.filtered(lambda mandate: mandate.beneficiary_id == file)
        if not mine or 'self' in mine.mapped('capacity'):
            return False
        return {'name': self.env['amlaj.paper']._first_name(file), 'number': file.file_number}

    def _may(self, right):
        """Whether one of these mandates, of one holder for one file, gives ``right``; who may not follow sees nothing."""
        return any(mandate.may_follow for mandate in self) and any(mandate[right] for mandate in self)
