import re

from odoo.exceptions import AccessDenied

from .. import common

PASSWORD = 'new secret words'
LOGGER = 'odoo.addons.base.models.res_users._logger'
CLOCK = 'odoo.addons.amlaj_beneficiary.models.registry.throttle.time.time'


class EntryBuilders(common.AmlajBuilders):
    """Builders of files with an account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.noura = cls.user['relations']
        cls.file = cls.make_file('فاطمة سعد محمد الحربي', phone='0501234567', lang='en_US')

    @classmethod
    def grant(cls, file=None):
        """The account of a file, given at the desk."""
        file = file or cls.file
        file.with_user(cls.noura).action_grant_portal_access()
        return file.sudo()._own_mandate().user_id

    def code(self, user):
        return self.env['amlaj.code']._in_force(user, 'entry')._digits()

    def login(self, typed, password=PASSWORD, **agent):
        """The id of the user whom ``typed`` and ``password`` let in from a browser."""
        return self.env['res.users']._login({'type': 'password', 'login': typed, 'password': password}, {
            'interactive': True, 'REMOTE_ADDR': '192.0.2.1', **agent})['uid']

    def refused(self, typed, password='wrong', **agent):
        """What is said to whoever is not let in; unlike with ``assertRaises`` his tries stay counted."""
        try:
            self.login(typed, password, **agent)
        except AccessDenied as error:
            return str(error.args[0])
        raise AssertionError("He was let in.")

    @classmethod
    def enter(cls, user):
        """The account's first entry: from now on its password is ``PASSWORD``."""
        code = cls.env['amlaj.code']._in_force(user, 'entry')._digits()
        return cls.env['res.users']._enter(user.login, code, PASSWORD)


class EntryCommon(EntryBuilders, common.AmlajCommon):
    """Base of the tests of getting in."""

    def setUp(self):
        super().setUp()
        self.registry_enter_test_mode()  # tries are counted in transactions of their own


class EntryHttpCommon(EntryBuilders, common.AmlajHttpCommon):
    """Base of the tests of its pages, which are read in English here."""

    def setUp(self):
        super().setUp()
        self.opener.cookies['frontend_lang'] = 'en_US'

    def post(self, path='/enter', source='', **values):
        """Post a form of a page as a browser without a script does."""
        self.env.flush_all()
        page = self.url_open(source or path).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)
        response = self.url_open(path, data={'csrf_token': token[1] if token else '', **values}, allow_redirects=False)
        self.env.invalidate_all()
        return response

    def leave(self):
        """Be a visitor again."""
        self.opener.cookies.pop('session_id', None)

    def body(self, response):
        """A page without what differs for each visitor."""
        return re.sub(r'csrf_token" value="[^"]+"|csrf_token: "[^"]+"|value="[^"]*"', '', response.text)
