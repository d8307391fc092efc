from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .. import common

NAME = {'fields': {'display_name': {}}}


@tagged('post_install', '-at_install')
class TestBreakNames(common.AmlajCommon):
    """No name of a file reaches who may not read it: by a form that is not saved, by a wizard, by a relation (R68)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.make_file(branch_id=cls.branch.id)
        cls.other = cls.make_file(branch_id=cls.branch2.id)
        cls.portal = cls.make_portal_user()
        cls.make_mandate(cls.own, cls.portal, may_apply=True)
        cls.other_mandate = cls.make_mandate(cls.other)

    def _form(self, user, model, **context):
        return self.env[model].with_user(user).with_context(**context)

    def test_unsaved_form(self):
        for user in (self.portal, self.user['representative']):
            Request = self._form(user, 'amlaj.request')
            with self.assertRaises(AccessError):
                Request.onchange({'beneficiary_id': self.other.id}, [], {'beneficiary_id': NAME})
            with self.assertRaises(AccessError):
                Request.with_context(default_beneficiary_id=self.other.id).onchange({}, [], {'beneficiary_id': NAME})
            shown = Request.with_context(default_beneficiary_id=self.own.id).onchange({}, [], {'beneficiary_id': NAME})
            self.assertEqual(shown['value']['beneficiary_id']['id'], self.own.id)

    def test_line_of_an_unsaved_form(self):
        File = self._form(self.user['representative'], 'amlaj.beneficiary')
        with self.assertRaises(AccessError):
            File.onchange(
                {'mandate_ids': [[0, 'virtual_1', {'beneficiary_id': self.other.id}]]}, [],
                {'mandate_ids': {'fields': {'beneficiary_id': NAME}}})

    def test_wizard(self):
        Step = self._form(self.user['representative'], 'amlaj.delivery.step')
        with self.assertRaises(AccessError):
            Step.create({'step': 'deliver', 'mandate_id': self.other_mandate.id})
        with self.assertRaises(AccessError):
            Step.with_context(default_mandate_id=self.other_mandate.id).default_get(['mandate_id'])
        step = Step.create({'step': 'deliver'})
        with self.assertRaises(AccessError):
            step.write({'mandate_id': self.other_mandate.id})

    def test_relation(self):
        Relation = self._form(self.user['committee'], 'amlaj.relation')
        with self.assertRaises(AccessError):
            Relation.create({'beneficiary_id': self.other.id})

    def test_relation_stays_with_its_member(self):
        member, colleague = self.user['committee'], self.make_user('amlaj_committee2', 'committee')
        relation = self.env['amlaj.relation'].create({'user_id': member.id, 'beneficiary_id': self.own.id})
        with self.assertRaises(AccessError):
            relation.with_user(member).write({'user_id': colleague.id})

    def test_notice_of_a_note(self):
        file = self.own.with_user(self.user['relations'])
        with self.assertRaises(UserError):
            file.message_notify(partner_ids=self.portal.partner_id.ids, body="A note")
