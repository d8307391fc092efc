"""Tests of the checks themselves: each is shown what it must find, and what it must let pass."""

import io
import pathlib
import tempfile
import unittest
from unittest import mock

import check_i18n
import check_rooms
import odoo_log
import po_file

TITLE = "the checks themselves"

HEADER = 'msgid ""\nmsgstr ""\n"Language: ar\\n"\n'


def write(folder, name, text):
    path = pathlib.Path(folder) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding='utf-8')
    return path


class TestTranslation(unittest.TestCase):
    def found(self, msgid, msgstr, flags=''):
        with tempfile.TemporaryDirectory() as folder:
            text = f'{HEADER}\n{flags}msgid "{msgid}"\nmsgstr "{msgstr}"\n'
            return ' '.join(check_i18n.problems_of(po_file.read(write(folder, 'ar.po', text))))

    def test_whole(self):
        self.assertEqual(self.found('Wait for %(days)s days', 'الانتظار %(days)s أيام'), '')

    def test_empty_and_fuzzy(self):
        self.assertIn('not translated', self.found('Wait', ''))
        self.assertIn('fuzzy', self.found('Wait', 'انتظار', '#, fuzzy\n'))

    def test_placeholders(self):
        self.assertIn('placeholders', self.found('Wait for %(days)s days', 'الانتظار %(day)s أيام'))
        self.assertIn('placeholders', self.found('%s of %s', '%s'))
        self.assertEqual(self.found('100% done', 'تم بنسبة 100%'), '')

    def test_digits(self):
        self.assertIn('digits', self.found('Day 3', 'اليوم ٣'))

    def test_glossary(self):
        self.assertIn('glossary', self.found('Beneficiary', 'العميل'))
        self.assertEqual(self.found('Beneficiary', 'مستفيد'), '', "the article is free")
        self.assertEqual(self.found('anonymisation', 'إخفاءُ الهوية'), '', "case and diacritics are free")

    def test_forbidden(self):
        self.assertIn('not our word', self.found('Ticket', 'تذكرة'))
        self.assertIn('not our word', self.found('Your ticket', 'وبالتذكرة رقم'))
        self.assertEqual(self.found('Reminder', 'تذكير بالموعد'), '')

    def test_lines_of_a_string_are_joined(self):
        with tempfile.TemporaryDirectory() as folder:
            path = write(folder, 'a.po', HEADER + '\nmsgid ""\n"one "\n"two"\nmsgstr "\\"x\\""\n')
            (entry,) = po_file.read(path)
        self.assertEqual((entry.msgid, entry.msgstr), ('one two', '"x"'))


class TestRooms(unittest.TestCase):
    def found(self, files):
        with tempfile.TemporaryDirectory() as folder:
            home = pathlib.Path(folder) / 'amlaj_beneficiary'
            write(home, 'models/request/request.py', "class A:\n    _name = 'amlaj.request'\n")
            for name, text in files.items():
                write(home, name, text)
            with mock.patch.object(check_rooms, 'HOME', home), \
                    mock.patch.object(check_rooms.settings, 'PROJECT', pathlib.Path(folder)):
                return ' '.join(check_rooms.problems())

    def test_downwards(self):
        self.assertEqual(self.found({
            'models/committee/request.py': "class A:\n    _inherit = 'amlaj.request'\n"
                                           "    _name = 'amlaj.request'\n",
            'models/committee/x.py': "from ..registry import y\n"}), '')

    def test_upwards(self):
        self.assertIn('later room request', self.found({
            'models/registry/x.py': "a = fields.Many2one('amlaj.request')\n"}))
        self.assertIn('imports from the later room committee', self.found({
            'models/registry/x.py': "from ..committee import y\n"}))

    def test_docstrings_may_name_anything(self):
        self.assertEqual(self.found({'models/registry/x.py': "'amlaj.request'\n"}), '')

    def test_layers(self):
        self.assertIn('never import odoo.http', self.found({
            'models/registry/x.py': "from odoo.http import request\n"}))
        self.assertIn('plain Python', self.found({'tools/x.py': "from odoo import fields\n"}))
        self.assertEqual(self.found({'tools/x.py': "from . import y\nfrom datetime import date\n"}), '')


class TestLog(unittest.TestCase):
    def test_noise_and_problems(self):
        stamp = '2026-11-22 20:25:01,500 7392'
        with tempfile.TemporaryDirectory() as folder:
            path = write(folder, 'a.log', '\n'.join((
                f'{stamp} INFO db odoo: fine',
                f"{stamp} WARNING db py.warnings: /x/odoo/addons/web/a.py:8: DeprecationWarning: 'werkzeug.urls.url_x'",
                f'{stamp} ERROR db odoo.addons.amlaj_beneficiary: broken', 'Traceback:', 'KeyError: 1',
                f'{stamp} INFO db odoo: fine')))
            (problem,) = odoo_log.problems(path)
        self.assertIn('broken', problem)
        self.assertIn('KeyError', problem)


def check(bench):
    stream = io.StringIO()
    result = unittest.TextTestRunner(stream, verbosity=0).run(
        unittest.defaultTestLoader.loadTestsFromName(__name__))
    bench.note(f"{result.testsRun} tests")
    return [f"{test.id()}: {trace.splitlines()[-1]}" for test, trace in result.failures + result.errors]


if __name__ == '__main__':
    unittest.main()
