from contextlib import contextmanager

from stdnum import luhn

from odoo.fields import Command
from odoo.tests import HttpCase, TransactionCase, new_test_user

ROLES = (
    'representative', 'relations', 'researcher', 'committee', 'delivery', 'volunteer_coordinator', 'privacy_officer',
    'quality', 'finance', 'auditor', 'manager',
)
GROUP = 'amlaj_beneficiary.group_%s'
# What every builder runs with: tests of mail switch it on where they need it.
NO_MAIL = {
    'tracking_disable': True,
    'mail_create_nolog': True,
    'mail_create_nosubscribe': True,
    'no_reset_password': True,
}


def identity(rank=1, kind='national_id'):
    """The ``rank``-th valid identity number of the tests: ten digits, the right first one, the right check digit."""
    stem = f"{ {'national_id': 1, 'iqama': 2}[kind]}{rank:08}"
    return stem + luhn.calc_check_digit(stem)


class AmlajBuilders:
    """Builders of the whole addon's tests: users of every role, offices, files, mandates.

    All records are made by the superuser, so that a test's own user does only what the test is about. ``self.user``
    has one user for each role (password = login = ``amlaj_<role>``); the representative serves ``self.branch``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, **NO_MAIL))
        cls.user = {role: cls.make_user(f'amlaj_{role}', role) for role in ROLES}
        cls.branch = cls.make_branch("North office", cls.user['representative'])
        cls.branch2 = cls.make_branch("South office")
        cls.locality = cls.env['amlaj.locality'].create({'name': "A village", 'branch_id': cls.branch.id})
        cls.identity_rank = 0

    @contextmanager
    def assertRefused(self, exception, text='.'):
        """Like ``assertRaisesRegex``, undoing what was done before the error, as a request does."""
        with self.assertRaises(exception) as caught:
            yield caught
        self.assertRegex(str(caught.exception), text)

    # ------------------------------------------------------------
    # People who use the app
    # ------------------------------------------------------------

    @classmethod
    def make_user(cls, login, *roles, **vals):
        """An internal user with exactly these roles; without any, a colleague outside the app."""
        groups = [GROUP % role for role in roles] or ['base.group_user']
        return new_test_user(cls.env, login, ','.join(groups), context=NO_MAIL, **cls._user_vals(login, vals))

    @classmethod
    def make_portal_user(cls, login='amlaj_portal', **vals):
        """A portal user; ``make_mandate`` gives him a file."""
        return new_test_user(cls.env, login, 'base.group_portal', context=NO_MAIL, **cls._user_vals(login, vals))

    @classmethod
    def _user_vals(cls, login, vals):
        return {'name': login, 'password': login, 'lang': 'en_US', 'tz': 'Asia/Riyadh',
                'email': f'{login}@example.com', **vals}

    # ------------------------------------------------------------
    # Registry
    # ------------------------------------------------------------

    @classmethod
    def make_branch(cls, name, *representatives):
        users = cls.env['res.users'].union(*representatives)
        return cls.env['amlaj.branch'].create({'name': name, 'representative_ids': [Command.set(users.ids)]})

    @classmethod
    def next_identity(cls, kind='national_id'):
        """A valid identity number that no file of this test has."""
        cls.identity_rank += 1
        return identity(cls.identity_rank, kind)

    @classmethod
    def make_file(cls, name="Salem Ali Saad Alharbi", registered=True, **vals):
        """A beneficiary's file of ``self.branch`` with everything that a registration needs."""
        if 'identity_number' not in vals:
            vals['identity_number'] = cls.next_identity(vals.get('identity_kind', 'national_id'))
        file = cls.env['amlaj.beneficiary'].create({
            'name': name,
            'birth_date': '1990-02-12',
            'phone': '+966501234567',
            'branch_id': cls.branch.id,
            'locality_id': cls.locality.id,
            **vals,
        })
        if registered:
            file.action_match_identity()
            file.action_register()
        return file

    @classmethod
    def make_mandate(cls, file, user=None, verified=True, **vals):
        """A mandate on ``file``, with every right unless ``vals`` say otherwise."""
        mandate = cls.env['amlaj.mandate'].create({
            'beneficiary_id': file.id,
            'user_id': user.id if user else False,
            'person_name': user.name if user else "A helper",
            'capacity': 'self',
            'may_apply': True,
            'may_follow': True,
            'may_receive': True,
            **vals,
        })
        if verified:
            mandate.action_verify()
        return mandate


class AmlajCommon(AmlajBuilders, TransactionCase):
    """Base of the addon's tests."""


class AmlajHttpCommon(AmlajBuilders, HttpCase):
    """Base of the addon's tests that ask over HTTP; ``self.authenticate(login, login)`` logs in."""
