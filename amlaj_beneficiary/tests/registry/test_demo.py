import re

from lxml import etree

from odoo.modules import Manifest
from odoo.tests import TransactionCase, tagged
from odoo.tools import file_open

MODULE = 'amlaj_beneficiary'
# the demonstration loads the catalogues itself
CATALOGUES = ('data/request/catalogue_social.xml', 'data/request/catalogue_environmental.xml')
REF = re.compile(r"\bref\('([\w.]+)'\)")


@tagged('post_install', '-at_install', 'amlaj')
class TestDemo(TransactionCase):
    """The demonstration's files say only what the addon knows, in an order in which it can be loaded.

    They are read, not loaded: `make test` loads them in a database of their own (dev/check_demo.py).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = {path: cls._tree(path) for path in Manifest.for_addon(MODULE)['demo']}
        cls.shipped = {
            node.get('id') for path in CATALOGUES for node in cls._tree(path).iter('record')}

    @classmethod
    def _tree(cls, path):
        with file_open(f'{MODULE}/{path}', 'rb') as stream:
            return etree.parse(stream)

    def _nodes(self, *tags):
        for path, tree in self.files.items():
            for node in tree.iter(*tags):
                yield f'{path}:{node.sourceline}', node

    def test_what_is_named_exists_by_then(self):
        known = set(self.shipped)
        for place, node in self._nodes('odoo', 'record', 'function', 'field', 'value'):
            names = [node.get('ref'), node.get('uid'), *REF.findall(node.get('eval') or '')]
            for name in filter(None, names):
                with self.subTest(place=place, name=name):
                    self.assertTrue(name in known or self._in_database(name), "it is not known at this place")
            if node.tag == 'record':
                known.add(node.get('id'))

    def _in_database(self, name):
        return bool(self.env.ref(name if '.' in name else f'{MODULE}.{name}', raise_if_not_found=False))

    def test_models_have_the_fields_and_methods(self):
        for place, node in self._nodes('record', 'function'):
            with self.subTest(place=place):
                self.assertIn(node.get('model'), self.env)
                model = self.env[node.get('model')]
                if node.tag == 'function':
                    self.assertTrue(callable(getattr(model, node.get('name'), None)), node.get('name'))
                for field in node.iterchildren('field'):
                    self.assertIn(field.get('name'), model._fields)

    def test_people_are_recognisably_invented(self):
        for place, node in self._nodes('field'):
            text = (node.text or '').strip()
            with self.subTest(place=place):
                if node.get('name') == 'identity_number':
                    self.assertRegex(text, r'^([12]0000|70000)')
                if node.get('name') in ('phone', 'phone2'):
                    self.assertRegex(text.replace(' ', ''), r'^0500000|^0140000')
                if node.get('name') == 'email':
                    self.assertTrue(text.endswith('@example.com'))
                if node.get('name') == 'iban':
                    self.assertRegex(text, r'^SA\d\d99000000')
