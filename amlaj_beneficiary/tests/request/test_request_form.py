from lxml import etree

from odoo.tests import tagged

from . import request_common

READERS = ('representative', 'relations', 'researcher', 'delivery', 'privacy_officer', 'auditor', 'manager')


@tagged('post_install', '-at_install', 'amlaj')
class TestRequestForm(request_common.RequestCommon):
    """Whoever may read a request can open it: no field of his form is one that he may not read."""

    def specification(self, node):
        """What the web client asks for, from the form that the user gets."""
        wanted = {}
        for field in node.iter('field'):
            if any(up.tag == 'field' for up in field.iterancestors() if up is not node and node in up.iterancestors()):
                continue
            if field is not node:
                wanted[field.get('name')] = {'fields': self.specification(field[0])} if len(field) else {}
        return wanted

    def test_every_role_opens_a_request(self):
        request = self.make_request('submitted', informed=True)
        request.sudo().write({'state': 'approved'})
        for role in READERS:
            with self.subTest(role=role):
                Request = self.env['amlaj.request'].with_user(self.user[role])
                form = Request.get_views([(False, 'form')])['views']['form']
                self.env.invalidate_all()
                read = Request.browse(request.id).web_read(self.specification(etree.fromstring(form['arch'])))
                self.assertEqual(read[0]['name'], request.name)
