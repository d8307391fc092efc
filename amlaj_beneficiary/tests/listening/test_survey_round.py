from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ...models.listening import survey_round
from .. import common


@tagged('post_install', '-at_install', 'amlaj')
class TestSurveyRound(common.AmlajCommon):
    """A periodic survey: asked in batches, once each, the opted-out left out; figures as safe as a quarter's (R24, R36)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.category = cls.env['amlaj.beneficiary.category'].create({'name': "Fishers (test)"})
        cls.files = cls.env['amlaj.beneficiary'].union(*(
            cls.make_file(f"Salem Ali Number{rank}", phone=f'+96650123{rank:04}', category_ids=[Command.set(cls.category.ids)])
            for rank in range(9)))
        cls.make_file("Of another office", branch_id=cls.branch2.id, locality_id=False, registered=False)
        cls.today = cls.env['amlaj.guarded']._today()

    def make_round(self, **vals):
        return self.env['amlaj.survey.round'].with_user(self.user['quality']).create({
            'name': "Spring", 'ends_on': self.today + timedelta(days=14), 'category_ids': [Command.set(self.category.ids)],
            **vals})

    def run_cron(self, go_on=600):
        with patch.object(type(self.env['ir.cron']), '_commit_progress', return_value=go_on):
            self.env['amlaj.survey.round']._cron_rounds()
        self.env.invalidate_all()

    def invitations(self, one):
        return self.env['amlaj.rating.invitation'].search([('round_id', '=', one.id)])

    def test_in_batches_resumable_once(self):
        self.files[0].wants_no_survey = True
        self.files[1].phone = False
        one = self.make_round(branch_ids=[Command.set(self.branch.ids)])
        one.action_start()
        with patch.object(survey_round, 'BATCH', 3):
            self.run_cron(go_on=0)  # out of time after the first batch
            self.assertFalse(one.is_all_asked)
            self.assertEqual(one.asked, 2)
            self.run_cron()
        self.assertTrue(one.is_all_asked)
        self.assertEqual(self.invitations(one).sudo().beneficiary_id, self.files[2:])
        self.assertEqual((one.asked, one.answered), (7, 0))
        one.sudo().write({'is_all_asked': False, 'reached_id': 0})
        self.run_cron()
        self.assertEqual(one.asked, 7, "each is asked once")
        messages = self.env['amlaj.message'].search([('rating_invitation_id', 'in', self.invitations(one).ids)])
        self.assertEqual(len(messages), 7)
        self.assertNotIn('http', messages[0].body)

    def test_who_declines_is_left_out_of_the_next(self):
        one = self.make_round()
        one.action_start()
        self.run_cron()
        self.invitations(one)[0]._decline()
        two = self.make_round()
        two.action_start()
        self.run_cron()
        self.assertEqual(two.asked, one.asked - 1)

    def test_published_once_and_not_of_a_few(self):
        one = self.make_round()
        one.action_start()
        self.run_cron()
        for rank, invitation in enumerate(self.invitations(one)):
            if rank < 6:
                invitation._answer({'procedure': '5', 'comment': f"Word {rank}"} if rank else {'procedure': '2'})
        self.assertEqual(one.answered, 6)
        self.env.flush_all()
        self.run_cron()
        self.assertEqual(one.state, 'running', "its answers can still be changed")
        with freeze_time(fields.Datetime.now() + timedelta(days=23)):
            self.run_cron()
            self.run_cron()
        self.assertEqual(one.state, 'closed')
        self.assertEqual({row.dimension: row.answers for row in one.release_ids},
                         {'association': 6, 'branch': 6, 'category': 6})
        self.assertEqual(one.release_ids[0].response_rate, 66.67)
        self.assertFalse(self.env['survey.user_input'].search([('amlaj_round_id', '=', one.id)]).amlaj_invitation_id)
        quarter = one.release_ids[0].quarter
        self.assertTrue(self.env['amlaj.rating.comment'].search([('quarter', '=', quarter), ('text', '=', "Word 3")]))
        few = self.make_round()
        few.action_start()
        self.run_cron()
        self.invitations(few)[0]._answer({'procedure': '1'})
        self.env.flush_all()
        with freeze_time(fields.Datetime.now() + timedelta(days=23)):
            self.run_cron()
        self.assertRecordValues(few.release_ids, [{'dimension': 'association', 'is_withheld': True, 'procedure': 0.0}])

    def test_who_starts_and_what_stays(self):
        one = self.make_round()
        for role in ('relations', 'representative', 'auditor'):
            with self.assertRaises(AccessError):
                one.with_user(self.user[role]).action_start()
        late = self.make_round(ends_on=self.today)
        with self.assertRefused(UserError, "some days"):
            late.action_start()
        foreign = self.make_round(survey_id=self.env['survey.survey'].create({'title': "Other"}).id)
        with self.assertRefused(UserError, "survey of beneficiaries"):
            foreign.action_start()
        one.action_start()
        with self.assertRefused(UserError, "stays as it is"):
            one.name = "Another"
        draft = self.make_round()
        with self.assertRaises(AccessError):
            draft.with_user(self.user['manager']).write({'state': 'closed'})
