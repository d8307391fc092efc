from lxml import html

from odoo import http

from . import request_common


class PortalHttpCommon(request_common.RequestHttpCommon):
    """Base of the tests of the applicant's own pages: a holder, who follows, a stranger, whose mandate ended.

    ``self.login(user)`` enters; ``self.page(path)`` gets, ``self.post(path, **form)`` posts a form as a browser without a
    script does.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.service.is_published = cls.studied.is_published = True
        cls.holder = cls.make_portal_user('pages_holder')
        cls.make_mandate(cls.file, cls.holder)
        cls.follower = cls.make_portal_user('pages_follower')
        cls.make_mandate(cls.file, cls.follower, capacity='delegate', may_apply=False, may_receive=False)
        cls.stranger = cls.make_portal_user('pages_stranger')
        cls.make_mandate(cls.make_file("Maryam Saad Ali Aljohani"), cls.stranger)
        cls.former = cls.make_portal_user('pages_former')
        cls.make_mandate(
            cls.file, cls.former, capacity='guardian', proof_number='77', valid_until='2020-01-01')

    def login(self, user=None):
        user = user or self.holder
        self.env.flush_all()
        self.authenticate(user.login, user.login)

    def page(self, path, status=200):
        response = self.url_open(path, allow_redirects=False)
        self.assertEqual(response.status_code, status, path)
        return response

    def tree(self, path):
        return html.fromstring(self.page(path).text)

    def post(self, path, files=None, **form):
        self.env.flush_all()
        form['csrf_token'] = http.Request.csrf_token(self)
        response = self.url_open(path, data=form, files=files, allow_redirects=False)
        self.env.invalidate_all()
        return response

    def draft(self, user=None, service=None, file=None):
        """A draft begun in the portal, in superuser mode."""
        return self.env['amlaj.request'].with_user(user or self.holder)._begin(
            (file or self.file).id, (service or self.service).id)
