from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .. import common


@tagged('post_install', '-at_install', 'amlaj')
class TestImprovement(common.AmlajCommon):
    """An obstacle: its cause, its action, done, verified by another person, published (R34-R36)."""

    def note(self, role='relations', **vals):
        return self.env['amlaj.improvement'].with_user(self.user[role]).create({
            'obstacle': "The form asks twice", 'source': 'idea', **vals})

    def in_hand(self):
        noted = self.note()
        led = noted.with_user(self.user['quality'])
        led.write({'cause': "Two forms", 'action': "One form", 'owner_id': self.user['relations'].id, 'due_date': '2026-12-01'})
        noted.action_start()
        return noted

    def test_the_whole_way(self):
        noted = self.note()
        with self.assertRefused(AccessError, "another role"):
            noted.action_start()
        with self.assertRefused(UserError, "cause, the action"):
            noted.with_user(self.user['manager']).action_start()
        done = self.in_hand()
        done.action_done()
        self.assertEqual((done.state, done.done_by_id), ('done', self.user['relations']))
        with self.assertRefused(AccessError, "another role"):
            done.action_verify()
        quality = done.with_user(self.user['quality'])
        quality.action_reopen()
        self.assertEqual((done.state, done.done_by_id.ids), ('doing', []))
        done.action_done()
        quality.action_verify()
        with self.assertRefused(UserError, "what changed"):
            quality.action_publish()
        quality.public_text = "You told us: now one form."
        quality.action_publish()
        self.assertIn("You told us: now one form.", [change['text'] for change in done._told_changes()])
        with self.assertRefused(UserError, "off the page"):
            quality.public_text = "Another"
        quality.action_unpublish()
        self.assertNotIn("You told us: now one form.", [change['text'] for change in done._told_changes()])
        with self.assertRefused(UserError, "stays as it is"):
            quality.cause = "Another"

    def test_nobody_verifies_what_he_did(self):
        done = self.in_hand()
        quality = done.with_user(self.user['quality'])
        quality.action_done()
        with self.assertRefused(UserError, "Somebody else"):
            quality.action_verify()
        quality.action_reopen()
        quality.owner_id = self.user['quality']
        done.with_user(self.user['manager']).action_done()
        with self.assertRefused(UserError, "Somebody else"):
            quality.action_verify()
        with self.assertRefused(UserError, "Somebody else"):
            done.with_user(self.user['manager']).action_verify()

    def test_who_changes_what(self):
        noted = self.note()
        noted.cause = "Known to me"
        for role in ('representative', 'researcher', 'finance', 'auditor'):
            stranger = noted.with_user(self.user[role])
            self.assertEqual(stranger.obstacle, "The form asks twice")
            with self.assertRaises(AccessError):
                stranger.cause = "Mine"
            with self.assertRaises(AccessError):
                stranger.action_done()
        for vals in ({'state': 'verified'}, {'published_on': '2026-01-01'}, {'verified_by_id': self.user['quality'].id}):
            with self.assertRaises(AccessError):
                noted.write(vals)
            with self.assertRaises(AccessError):
                self.note(**vals)
        with self.assertRaises(AccessError):
            self.note('auditor')
        outsider = self.make_user('outsider')
        with self.assertRaises(AccessError):
            noted.with_user(outsider).read(['obstacle'])

    def test_late(self):
        late = self.note(due_date='2020-01-01')
        self.assertTrue(late.is_late)
        self.assertIn(late, self.env['amlaj.improvement'].search([('is_late', '=', True)]))
        self.assertNotIn(late, self.env['amlaj.improvement'].search([('is_late', '=', False)]))
