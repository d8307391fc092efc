import base64

from odoo.exceptions import UserError
from odoo.tests import tagged

from . import committee_common


@tagged('post_install', '-at_install', 'amlaj')
class TestCommitteeSnapshot(committee_common.CommitteeCommon):
    """The dossier that members see, and how it is frozen with the decision."""

    def flags(self, item):
        return {flag['code'] for flag in item._dossier()['flags']}

    def test_the_dossier_has_what_a_member_needs(self):
        file = self.make_file()
        self.env['amlaj.household.member'].create({
            'beneficiary_id': file.id, 'name': "Noura", 'relationship': 'child', 'is_contributing': True})
        request = self.make_request(file)
        dossier = self.make_session(request).decision_ids._dossier()
        self.assertEqual(dossier['request']['number'], request.name)
        self.assertEqual(dossier['request']['amount'], '1200.00')
        self.assertEqual(dossier['applicant']['first_name'], "Salem")
        self.assertEqual(dossier['household'][0]['name'], "Noura")
        self.assertEqual(dossier['help'], [])
        self.assertEqual(dossier['flags'], [])

    def test_help_and_flags(self):
        service = self.make_service("Basket (test)", kind='cash', ceiling_amount=1000, repeat_after_days=365)
        file = self.make_file()
        earlier = self.decided(request=self.make_request(file, service), amount=500, reply=True)
        earlier.with_user(self.user['delivery']).action_start_delivery()
        earlier.sudo().delivery_ids.write({
            'state': 'delivered', 'delivered_at': '2026-01-05 10:00:00', 'place': 'office'})
        request = self.make_request(
            file, service, raised=False, priority='1', priority_reason="Cold", amount_requested=1001)
        request.with_user(self.manager).action_raise("The lease comes later")
        item = self.make_session(request).decision_ids
        # the deliveries of all dates that matter: the test's day does not move the flags
        self.env.cr.execute("UPDATE amlaj_delivery SET delivered_at = now() at time zone 'utc' - interval '10 days'")
        self.env.invalidate_all()
        self.assertEqual(self.flags(item), {'above_ceiling', 'too_soon', 'paper_lacking', 'urgent'})
        self.assertEqual(len(item._dossier()['help']), 1)
        self.env.cr.execute("UPDATE amlaj_delivery SET delivered_at = now() at time zone 'utc' - interval '366 days'")
        self.env.invalidate_all()
        self.assertNotIn('too_soon', self.flags(item))
        self.env.cr.execute("UPDATE amlaj_delivery SET delivered_at = now() at time zone 'utc' - interval '25 months'")
        self.env.invalidate_all()
        self.assertFalse(item._dossier()['help'])

    def test_a_sensitive_category_is_not_in_it(self):
        file = self.make_file()
        category = self.env['amlaj.beneficiary.category'].create({'name': "Hidden category", 'is_sensitive': True})
        file.with_user(self.manager).action_set_sensitive_categories(category.ids)
        session = self.make_session(self.make_request(file))
        self.assertNotIn("Hidden category", str(session.decision_ids._dossier()))
        item = self.as_member('m1', session.decision_ids)
        self.assertNotIn("Hidden category", item.dossier)
        logged = self.env['amlaj.access.log'].search_count([('event', '=', 'reveal')])
        self.assertIn("Hidden category", item.action_reveal_sensitive()['params']['message'])
        self.assertEqual(self.env['amlaj.access.log'].search_count([('event', '=', 'reveal')]), logged + 1)

    def test_the_file_is_frozen_and_a_change_shows(self):
        request = self.decided(request=self.make_request(service=self.cash), amount=500)
        decision = request.sudo().decision_id
        self.assertEqual(decision.snapshot_schema, 1)
        self.assertEqual(decision.snapshot['decision']['amount'], '500.00')
        self.assertEqual(len(decision.snapshot['votes']), 5)
        self.assertTrue(decision._is_snapshot_genuine())
        before = decision.snapshot_hash
        request.sudo().beneficiary_id.phone = '+966509999999'
        request.sudo().description = "Rewritten afterwards"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(decision.snapshot_hash, before)
        self.assertEqual(decision.snapshot['dossier']['request']['description'], "Two months are due")
        self.assertTrue(decision._is_snapshot_genuine())
        changed = decision.snapshot
        changed['decision']['amount'] = '5000.00'
        decision.snapshot = changed
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(decision._is_snapshot_genuine())

    def test_the_paper_is_made_once_and_kept(self):
        request = self.decided()
        decision = request.sudo().decision_id.with_context(force_report_rendering=True)
        self.assertTrue(decision.paper_pending)
        decision._make_paper()
        self.assertFalse(decision.paper_pending)
        content = base64.b64decode(decision.with_context(bin_size=False).snapshot_pdf)
        self.assertTrue(content.startswith(b'%PDF'))
        self.assertTrue(decision._is_snapshot_genuine())
        action = decision.with_user(self.manager).action_print_snapshot()
        self.assertIn(f'/{decision.id}/snapshot_pdf/{request.name}.pdf', action['url'])
        decision.snapshot_pdf = base64.b64encode(content + b' ')
        self.assertFalse(decision._is_snapshot_genuine())
        with self.assertRaises(UserError):
            decision.with_user(self.seat['m1'].user_id).action_print_snapshot()
