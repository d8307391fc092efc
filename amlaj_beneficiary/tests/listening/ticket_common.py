import re

from odoo.tests import HttpCase, TransactionCase

from .. import common

WORDS = "Nobody answered the phone on Sunday.\nPlease tell me when to call."
SCRIPT = '<script>alert("x")</script><img src=x onerror=alert(1)>'


class TicketBuilders(common.AmlajBuilders):
    """A file with its holder and one who only follows, a second quality officer and a second manager, the chair of the
    board, and a unit with a member."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Ticket = cls.env['amlaj.ticket']
        cls.file = cls.make_file()
        cls.holder = cls.make_portal_user('ticket_holder')
        cls.make_mandate(cls.file, cls.holder)
        cls.follower = cls.make_portal_user('ticket_follower')
        cls.make_mandate(cls.file, cls.follower, capacity='delegate', may_apply=False, may_receive=False)
        cls.stranger = cls.make_portal_user('ticket_stranger')
        cls.make_mandate(cls.make_file("Maryam Saad Ali Aljohani"), cls.stranger)
        cls.relations, cls.manager, cls.quality = (cls.user[role] for role in ('relations', 'manager', 'quality'))
        cls.manager2 = cls.make_user('ticket_manager2', 'manager')
        cls.chair = cls.make_user('ticket_chair')
        cls.unit = cls.env['hr.department'].create({'name': "Reception"})
        cls.sub_unit = cls.env['hr.department'].create({'name': "Window 2", 'parent_id': cls.unit.id})
        cls.elsewhere = cls.env['hr.department'].create({'name': "Finance"})
        cls.member = cls.make_user('ticket_member', 'quality', 'relations')
        cls.member_employee = cls.env['hr.employee'].create({
            'name': "Member", 'user_id': cls.member.id, 'department_id': cls.sub_unit.id})
        cls.key_rank = 0

    @classmethod
    def name_chair(cls):
        """Set the chair of the board, as an administrator does in the settings."""
        cls.env['res.config.settings'].create({'amlaj_board_chair_id': cls.chair.id}).set_values()

    @classmethod
    def new_key(cls):
        cls.key_rank += 1
        return f'{cls.key_rank:032}'

    def send(self, kind='enquiry', user=None, files=(), key=None, file_id=None, **typed):
        """What a user sends from his pages, in superuser mode, and its code."""
        typed = {'kind': kind, 'text': WORDS, **typed}
        tickets = self.Ticket.with_user(user or self.holder)
        return tickets._send_by_holder(typed, files, key or self.new_key(), file_id)

    def visit(self, kind='enquiry', files=(), key=None, user=None, **typed):
        """What a visitor sends, in superuser mode, and its code."""
        tickets = self.Ticket.with_user(user or self.env.ref('base.public_user'))
        return tickets._send_by_visitor({'kind': kind, 'text': WORDS, **typed}, files, key or self.new_key())

    def enter(self, kind='complaint', user=None, **vals):
        """What staff enters, in superuser mode."""
        return self.Ticket.with_user(user or self.relations)._enter_by_staff({'kind': kind, 'text': WORDS, **vals})[0]

    def seen(self, user, ticket):
        """Whether ``user`` finds ``ticket`` by a search."""
        self.env.flush_all()
        return bool(self.Ticket.with_user(user).search([('id', '=', ticket.id)]))


class TicketCommon(TicketBuilders, TransactionCase):
    """Base of the tests of words to the association."""


class TicketHttpCommon(TicketBuilders, HttpCase):
    """Base of their tests over HTTP, as a visitor or logged in."""

    def login(self, user):
        self.env.flush_all()
        self.authenticate(user.login, user.login)

    def page(self, path, status=200):
        self.env.flush_all()
        response = self.url_open(path, allow_redirects=False)
        self.env.invalidate_all()
        self.assertEqual(response.status_code, status, path)
        return response

    def hidden(self, html, name):
        return re.search(rf'name="{name}" value="([^"]+)"', html)[1]

    def post(self, path, form, status=200, files=None, **values):
        """Post ``values`` with the hidden fields of the page ``form``."""
        html = self.page(form).text
        values = {'csrf_token': self.hidden(html, 'csrf_token'), **values}
        if 'submission_key' not in values and 'name="submission_key"' in html:
            values['submission_key'] = self.hidden(html, 'submission_key')
        response = self.url_open(path, data=values, files=files, allow_redirects=False)
        self.env.invalidate_all()
        self.assertEqual(response.status_code, status, path)
        return response
