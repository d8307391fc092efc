from odoo.exceptions import UserError
from odoo.http import request

JSON = 'application/json'
PAPER_FIELDS = ('number', 'issued_on', 'expiry_date')


class PaperUpload:
    """What every page that takes a paper shares: the portal's and the follow-up's by code.

    The page's own controller checks the mandate or the code; here the posted form becomes one call of the model.
    """

    # at which door its readers stand: see amlaj.request.document._told_paper
    paper_door = 'portal'

    def _take_paper(self, document_sudo, post):
        """Give one posted form to the paper; what is refused changes nothing.

        :param document_sudo: the paper, in superuser mode after the mandate or the code was checked
        :return: what is wrong with it, for who sent it; '' when it was taken
        """
        try:
            with request.env.cr.savepoint():
                if removed := post.get('remove'):
                    document_sudo._remove_upload(int(removed) if removed.isdecimal() else 0)
                else:
                    document_sudo._receive_upload(
                        self._posted_files(), **{name: post[name] for name in PAPER_FIELDS if name in post})
        except UserError as error:
            return str(error)
        return ''

    def _posted_files(self):
        files = []
        for upload in request.httprequest.files.getlist('files'):
            if upload.filename:
                upload.seek(0)  # Odoo repeats a request that met another one, with only the first file rewound
                files.append((upload.filename, upload.read()))
        return files

    def _wants_json(self):
        """Whether the page's script asks, and not a plain form."""
        return request.httprequest.accept_mimetypes.best == JSON

    def _paper_answer(self, document_sudo, error, upload_url, files_url=False):
        """What the page's script shows: the error, or how the paper stands now."""
        values = {'paper': document_sudo._told_paper(self.paper_door), 'upload_url': upload_url, 'files_url': files_url}
        html = request.env['ir.qweb']._render('amlaj_beneficiary.paper_upload_state', values)
        return request.make_json_response({'error': error, 'html': str(html)}, headers={'Cache-Control': 'no-store'})
