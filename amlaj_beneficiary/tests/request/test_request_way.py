from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from . import request_common

STATES = (
    'draft', 'submitted', 'incomplete', 'research', 'committee', 'approved', 'rejected', 'delivery', 'done',
    'cancelled')
OPEN = ('draft', 'submitted', 'incomplete', 'research', 'committee', 'approved', 'delivery')
EDITABLE = ('draft', 'submitted', 'incomplete', 'research')
DESK = ('relations', 'representative')
CARRIERS = ('delivery', 'representative')
# action: (the roles that may, whether a mandate to apply lets, the states from which, how it is called)
CONTRACT = {
    'sign': (DESK, False, EDITABLE, lambda r: r.action_sign('paper', name="Salem")),
    'sign_portal': ((), True, EDITABLE, lambda r: r.action_sign('portal', request_common.signature(), "Salem")),
    'submit': (DESK, True, ('draft', 'incomplete'), lambda r: r.action_submit()),
    'ask_completion': (
        ('relations', 'researcher'), False, ('submitted', 'research'), lambda r: r.action_ask_completion("A paper")),
    'verify': (DESK, False, ('submitted',), lambda r: r.action_verify()),
    'inform': (DESK, False, ('submitted',), lambda r: r.action_inform()),
    'start_research': (('relations',), False, ('submitted',), lambda r: r.action_start_research()),
    'raise': (('relations', 'researcher'), False, ('submitted', 'research'), lambda r: r.action_raise()),
    'raise_exception': (
        ('manager',), False, ('submitted', 'incomplete', 'research'), lambda r: r.action_raise("Its owner is abroad")),
    'set_aside': (('manager',), False, ('incomplete',), lambda r: r.action_set_aside("No answer since May")),
    'start_delivery': (CARRIERS, False, ('approved',), lambda r: r.action_start_delivery()),
    'plan_delivery': (CARRIERS, False, ('delivery',), lambda r: r.action_plan_delivery()),
    'allow_delivery': (('manager',), False, ('approved', 'delivery'), lambda r: r.action_allow_delivery("Agreed")),
    'close': (CARRIERS, False, ('delivery',), lambda r: r.action_close()),
    'cancel': (('relations',), True, OPEN, lambda r: r.action_cancel("He asked for it")),
}
# read by record rule: a delivery officer sees what is to be delivered, others see nothing without an agenda of theirs
SEES_ALL = ('relations', 'researcher', 'auditor', 'manager', 'privacy_officer', 'representative')
CARRIED = ('approved', 'delivery', 'done')


@tagged('post_install', '-at_install', 'amlaj')
class TestRequestWay(request_common.RequestCommon):
    """Every step of the contract, from every state, by every role."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.requests = {}
        for state in STATES:
            service = cls.studied if state == 'submitted' else None
            cls.requests[state] = cls.make_request(state, informed=state == 'submitted', service=service)
        cls.finish_study(cls.requests['research'])
        # what the guard of the paper raise asks for beside the state
        cls.requests['incomplete'].sudo().write({'informed_at': '2026-01-01 08:00:00', 'verified_at': False})
        cls.applicant = cls.make_portal_user('way_applicant')
        cls.make_mandate(cls.file, cls.applicant)
        cls.follower = cls.make_portal_user('way_follower')
        cls.make_mandate(cls.file, cls.follower, capacity='delegate', may_apply=False)
        cls.stranger = cls.make_portal_user('way_stranger')
        cls.outsider = cls.make_user('way_outsider')

    def sees(self, role, state):
        return role in SEES_ALL or (role == 'delivery' and state in CARRIED)

    def test_buttons_are_those_of_the_contract(self):
        """All roles in all states: the buttons shown are those of the contract and no other."""
        for role in request_common.ROLES:
            for state in STATES:
                if not self.sees(role, state):
                    continue
                with self.subTest(role=role, state=state):
                    shown = self.requests[state].with_user(self.user[role]).allowed_actions.strip(',').split(',')
                    expected = {
                        action for action, (roles, _mandate, states, _call) in CONTRACT.items()
                        if role in roles and state in states}
                    if state == 'submitted':  # the one of the set-up is verified and informed
                        expected -= {'verify', 'inform'}
                    self.assertEqual(set(shown) & set(CONTRACT), expected)

    def test_wrong_role(self):
        """Who is not named by the contract is refused, from a state in which the step would be possible."""
        for action, (roles, _mandate, states, call) in CONTRACT.items():
            request = self.requests[states[0]]
            users = [self.user[role] for role in request_common.ROLES if role not in roles]
            users += [self.stranger, self.follower, self.outsider]
            for user in users:
                with self.subTest(action=action, user=user.login), \
                        mute_logger('odoo.addons.base.models.ir_rule', 'odoo.addons.base.models.ir_model'), \
                        self.assertRaises(AccessError):
                    call(request.with_user(user))

    def test_mandate(self):
        """The applicant does what the contract gives to a mandate, and nothing else."""
        for action, (_roles, mandate, states, call) in CONTRACT.items():
            request = self.requests[states[0]].with_user(self.applicant)
            with self.subTest(action=action):
                if mandate:
                    with self.env.cr.savepoint() as savepoint:
                        self.assertTrue(call(request))
                        savepoint.rollback()
                    self.env.invalidate_all()
                else:
                    with self.assertRaises(AccessError):
                        call(request)

    def test_wrong_state(self):
        """From every other state the right role is told so, with the number and the name of the state."""
        for action, (roles, _mandate, states, call) in CONTRACT.items():
            for state in STATES:
                if state in states:
                    continue
                request = self.requests[state].with_user(self.user[roles[0]] if roles else self.applicant)
                with self.subTest(action=action, state=state):
                    if roles and not self.sees(roles[0], state):
                        with mute_logger('odoo.addons.base.models.ir_rule'), self.assertRaises(AccessError):
                            call(request)
                        continue
                    with self.assertRaises(UserError) as caught:
                        call(request)
                    self.assertNotIsInstance(caught.exception, AccessError)
                    self.assertIn('state', self.codes(request, action))

    def test_right_role_and_state(self):
        """Each step works for each of its roles from each of its states."""
        fresh = self.make_request('submitted')  # neither verified nor informed
        informed = self.make_request('submitted', informed=True)  # its service asks for no study
        for action, (roles, _mandate, states, call) in CONTRACT.items():
            for role in roles:
                for state in states:
                    request = fresh if action in ('verify', 'inform') else self.requests[state]
                    if (action, state) == ('raise', 'submitted'):
                        request = informed
                    with self.subTest(action=action, role=role, state=state), self.env.cr.savepoint() as savepoint:
                        if action == 'inform':
                            request.with_user(self.relations).action_verify()
                        if action == 'close':
                            request.sudo().delivery_ids = [(0, 0, {'state': 'failed', 'fail_reason': "Away"})]
                        self.assertTrue(call(request.with_user(self.user[role])))
                        savepoint.rollback()
                    self.env.invalidate_all()

    def test_nobody_works_on_his_own_file(self):
        """An employee who is a beneficiary himself acts by his mandate alone, whatever his role."""
        own = self.make_file("Relations Employee Saad Ali")
        employee = self.make_user('way_employee', 'relations', 'manager', 'delivery')
        self.make_mandate(own, employee)
        request = self.ask(file=own)
        self.sign(request)
        for action, (_roles, mandate, _states, _call) in CONTRACT.items():
            with self.subTest(action=action):
                self.assertEqual(bool(request.with_user(employee)._filtered_actor(action)), mandate)
        self.match(request)
        self.assertTrue(request.with_user(employee).action_submit())
        with self.assertRaises(AccessError):
            request.with_user(employee).action_verify()

    def test_the_others_office(self):
        """A representative works only on requests of his own office."""
        elsewhere = self.make_request('submitted', file=self.make_file(branch_id=self.branch2.id))
        with mute_logger('odoo.addons.base.models.ir_rule'), self.assertRaises(AccessError):
            elsewhere.with_user(self.user['representative']).action_verify()
        self.assertFalse(self.env['amlaj.request'].with_user(self.user['representative']).search_count(
            [('id', '=', elsewhere.id)]))

    def test_roles_without_a_file_see_no_request(self):
        """The committee without an agenda, finance, quality and volunteers see no request, paper or signature."""
        for role in request_common.ROLES:
            user = self.user[role]
            for model in ('amlaj.request', 'amlaj.request.document', 'amlaj.declaration', 'amlaj.request.transition',
                          'amlaj.delivery'):
                records = self.env[model].with_user(user)
                path = 'beneficiary_id' if model == 'amlaj.request' else 'request_id.beneficiary_id'
                with self.subTest(role=role, model=model):
                    if role not in SEES_ALL and role != 'delivery' and records.has_access('read'):
                        self.assertFalse(records.search_count([(path, '=', self.file.id)]))
                    elif role in SEES_ALL and model == 'amlaj.request':
                        self.assertTrue(records.search_count([(path, '=', self.file.id)]))
