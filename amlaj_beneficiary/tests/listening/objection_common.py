import re

from odoo import http
from odoo.tests import HttpCase, TransactionCase

from ..committee import committee_common

WHY = "The lease was with my papers.\nPlease look again."


class ObjectionBuilders(committee_common.CommitteeBuilders):
    """A file with its holder, who follows, whose mandate ended and a stranger; requests that were refused.

    The decision was voted by the chair and the first member, so the deputy and the others can decide anew.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls.make_file()
        cls.holder = cls.make_portal_user('objection_holder')
        cls.make_mandate(cls.file, cls.holder)
        cls.follower = cls.make_portal_user('objection_follower')
        cls.make_mandate(cls.file, cls.follower, capacity='delegate', may_apply=False, may_receive=False)
        cls.stranger = cls.make_portal_user('objection_stranger')
        cls.make_mandate(cls.make_file("Maryam Saad Ali Aljohani"), cls.stranger)
        cls.former = cls.make_portal_user('objection_former')
        cls.make_mandate(cls.file, cls.former, capacity='guardian', proof_number='77', valid_until='2020-01-01')

    @classmethod
    def refused(cls, result='rejected', reply=True, request=None, **options):
        """A request of the file with a decision of chair and first member, replied unless told otherwise."""
        request = request or cls.make_request(cls.file)
        session = cls.make_session(request)
        session.action_decide(
            request.ids, result, cls.votes(chair='for', m1='for'), reason_id=cls.refusal.id, **options)
        session.action_close()
        if reply:
            request.with_user(cls.manager).action_allow_early_reply("Urgent")
            request.action_reply()
        cls.env.flush_all()
        return request

    @classmethod
    def objection(cls, request=None, user=None, **values):
        """An objection of the holder, in superuser mode."""
        request = request or cls.refused()
        return request.with_user(user or cls.holder).action_object(WHY, **values).sudo()


class ObjectionCommon(ObjectionBuilders, TransactionCase):
    """Base of the objection's tests."""


class ObjectionHttpCommon(ObjectionBuilders, HttpCase):
    """Base of the objection's tests over HTTP: ``self.page(path)`` gets, ``self.post(path, form, **values)`` posts the
    form of that page, or with no page of a user who is logged in."""

    def login(self, user=None):
        user = user or self.holder
        self.env.flush_all()
        self.authenticate(user.login, user.login)

    def page(self, path, status=200):
        self.env.flush_all()
        response = self.url_open(path, allow_redirects=False)
        self.env.invalidate_all()
        self.assertEqual(response.status_code, status, path)
        return response

    def token(self, path):
        return re.search(r'name="csrf_token" value="([^"]+)"', self.page(path).text)[1]

    def post(self, path, form=None, status=303, **values):
        values['csrf_token'] = self.token(form) if form else http.Request.csrf_token(self)
        response = self.url_open(path, data=values, allow_redirects=False)
        self.env.invalidate_all()
        self.assertEqual(response.status_code, status, path)
        return response

    def open_followed(self, request):
        """Open a request as a visitor with number and code."""
        code = request.sudo()._follow_code()._digits()
        return self.post('/follow-up', '/follow-up', number=request.name, code=code)
