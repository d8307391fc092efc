import json
from datetime import timedelta

from odoo.tests import tagged

from ..request.field_browser import FieldBrowser
from . import research_common
from .test_visit import VisitBuilders

READY = 'document.querySelector("#field_visits")?.dataset.ready'
LISTED = 'document.querySelectorAll("#field_visit_list [data-do=open]").length'
FORM = 'document.querySelector("#field_visits [data-field=remarks]")'
COUNTS = '[(await stored("visits")).length, (await stored("forms")).length, (await stored("photos")).length]'
TYPED = '#field_visits [data-field=%s]'


@tagged('post_install', '-at_install', 'amlaj')
class TestVisitBrowser(VisitBuilders, research_common.ResearchHttpCommon):
    """A researcher's phone of 360 px in Arabic: the day is taken along with a line, three visits are made in airplane mode,
    one fills the case study itself, photos are taken, the browser is closed and opened, and everything arrives once."""

    browser_size = '360x740'
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('ar_001')
        cls.researcher.lang = 'ar_001'
        cls.locality.name = 'العيص'
        cls.file.name = 'فاطمة سعد محمد الحربي'
        cls.study = cls.make_study(health_note='ربو')
        others = [cls.make_file('سالم علي سعد الجهني'), cls.make_file('نورة حمد فهد المحمدي')]
        first, __ = cls.env['amlaj.visit']._day_hours()
        cls.visits = cls.env['amlaj.visit']
        for hour, file in zip((9, 10, 11), [cls.file, *others], strict=True):
            cls.visits |= cls.make_visit(file=file, planned_at=first + timedelta(hours=hour)).sudo()

    def take(self, phone):
        phone.go('/field', READY)
        phone.click('[data-do=take]')
        phone.until(f'{LISTED} === 3 && navigator.serviceWorker.controller')

    def open(self, phone, position):
        phone.run(f"""until(() => document.querySelectorAll('#field_visit_list section')[{position}])
            .then((card) => {{ card.querySelector('[data-do=open]').click(); return true; }})""")
        phone.until(FORM)

    def choose(self, phone, selector, value):
        """As a finger does: the value, and what the browser tells of it."""
        phone.type(selector, value)

    def add_line(self, phone, lines, what, amount):
        place = f'#field_visits [data-lines={lines}]'
        phone.type(f'{place} [data-what]', what)
        phone.type(f'{place} [data-amount]', amount)
        phone.click(f'{place} [data-add]')

    def photograph(self, phone, kind, count):
        phone.run(f"""(async () => {{
            const canvas = Object.assign(document.createElement('canvas'), {{width: 2400, height: 1800}});
            canvas.getContext('2d').fillRect(0, 0, 900, 900);
            const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg'));
            const files = new DataTransfer();
            files.items.add(new File([blob], 'photo.jpg', {{type: 'image/jpeg'}}));
            const input = document.querySelector('#field_visits input[data-kind={kind}]');
            input.files = files.files;
            input.dispatchEvent(new Event('change', {{bubbles: true}}));
            return true;
        }})()""")
        phone.until(f'(await stored("photos")).length === {count}')

    def check_screen(self, phone):
        """Arabic, from right to left, no wider than the phone, targets and letters as large as they have to be."""
        self.assertEqual(phone.run('[document.documentElement.lang, document.documentElement.dir]'), ['ar', 'rtl'])
        self.assertLessEqual(phone.run('document.documentElement.scrollWidth'), 360)
        self.assertEqual(phone.run("""
            [...document.querySelectorAll('button, a, select, textarea, input:not([type=file], [type=checkbox])')].filter(
                (node) => node.offsetParent &&
                (node.getBoundingClientRect().height < 44 || parseFloat(getComputedStyle(node).fontSize) < 16)
            ).map((node) => node.outerHTML)"""), [])
        self.assertFalse(phone.run('/[A-Za-z]{3}/.test(document.querySelector("#field_visits").innerText)'))

    def test_airplane_mode(self):
        with FieldBrowser(self).opened(self.researcher) as phone:
            self.take(phone)
            self.check_screen(phone)
            kept = phone.run('stored("visits")')
            self.assertEqual({frozenset(visit) for visit in kept}, {frozenset({
                'id', 'number', 'name', 'place', 'at', 'study', 'user', 'taken_at'})})
            self.assertNotIn('ربو', json.dumps(kept, ensure_ascii=False))
            self.assertNotIn('الحربي', json.dumps(kept, ensure_ascii=False), "a first name, no whole one")

            phone.airplane(True)
            phone.go('/field', f'{READY} && {LISTED} === 3')
            self.assertTrue(phone.run('fetch("/field/visits").then(() => false, () => true)'), "there is no line")
            # the first visit fills the case study; the browser is closed in the middle of it
            self.open(phone, 0)
            self.check_screen(phone)
            phone.type(TYPED % 'remarks', 'بيت نظيف')
            self.add_line(phone, 'income', 'salary', '٢٥٠٠')
            self.add_line(phone, 'expense', 'rent', '800')
            self.add_line(phone, 'needs', 'ثلاجة', '1')
            self.photograph(phone, 'paper', 1)
            phone.until('(await stored("forms")).some((form) => form.answers.needs && form.answers.remarks)')
            phone.go('/field', f'{READY} && {LISTED} === 3')
            self.open(phone, 0)
            self.assertEqual(phone.run(f'{FORM}.value'), 'بيت نظيف', "nothing is typed twice")
            self.assertIn('ثلاجة', phone.run('document.querySelector("[data-lines=needs]").innerText'))
            self.choose(phone, TYPED % 'housing_tenure', 'rented')
            phone.type(TYPED % 'recommendation', 'سداد الإيجار ستة أشهر')
            phone.click('#field_visits [data-do=done]')
            phone.until(f'{LISTED} === 2 || document.querySelectorAll("#field_visit_list section").length === 3')
            # the second one is short, the third one was not possible
            self.open(phone, 1)
            phone.type(TYPED % 'remarks', 'لا جديد')
            self.photograph(phone, 'goods', 2)
            phone.click('#field_visits [data-do=done]')
            self.open(phone, 2)
            phone.click('#field_visits [data-do=fail]')
            phone.until('document.querySelector("#field_visit_message [data-kind=bad]")')
            phone.type(TYPED % 'reason', 'لا أحد في البيت')
            phone.click('#field_visits [data-do=fail]')
            phone.until('(await stored("forms")).filter((form) => form.state).length === 3')
            phone.go('/field', READY)
            self.assertEqual(phone.run(COUNTS), [3, 3, 2])
            self.assertEqual(set(self.visits.mapped('state')), {'planned'})
            forms = phone.run('stored("forms")')

            phone.airplane(False)
            phone.click('#field_send')
            phone.until(f'({COUNTS}).every((count) => count === 0)')
            self.assertNotIn('فاطمة', phone.run('document.body.innerText'))
        self.assertRecordValues(self.visits, [
            {'state': 'done', 'fail_reason': False}, {'state': 'done', 'fail_reason': False},
            {'state': 'failed', 'fail_reason': 'لا أحد في البيت'}])
        self.assertEqual(set(self.visits.mapped('submission_key')), {form['key'] for form in forms}, "each arrived once")
        self.assertEqual(len(self.env['amlaj.visit.photo'].search([('visit_id', 'in', self.visits.ids)])), 2)
        self.assertRecordValues(self.study.sudo(), [{
            'total_income': 2500, 'total_expense': 800, 'housing_tenure': 'rented', 'recommendation': 'سداد الإيجار ستة أشهر',
            'health_note': 'ربو', 'state': 'draft'}])
        self.assertEqual(self.study.sudo().need_ids.name, 'ثلاجة')
        for form in forms:
            self.assertNotIn('name', form, "what waits holds no name")

    def test_two_days_later(self):
        """What was begun and every name are gone; what was closed is sent with the first line."""
        with FieldBrowser(self).opened(self.researcher) as phone:
            self.take(phone)
            phone.airplane(True)
            phone.go('/field', f'{READY} && {LISTED} === 3')
            self.open(phone, 0)
            phone.type(TYPED % 'remarks', 'بدأت')
            phone.until('(await stored("forms")).length === 1')
            phone.click('#field_visits [data-do=back]')
            self.open(phone, 1)
            phone.type(TYPED % 'remarks', 'لا جديد')
            phone.click('#field_visits [data-do=done]')
            phone.until('(await stored("forms")).some((form) => form.state)')
            phone.run("""(async () => {
                const old = (record) => ({...record, taken_at: record.taken_at - 49 * 3600000,
                    started_at: record.started_at - 49 * 3600000});
                for (const store of ['visits', 'forms']) {
                    for (const record of await stored(store)) {
                        await window.amlajVisits.book.store.put(store, old(record));
                    }
                }
                return true;
            })()""")
            phone.go('/field', READY)
            self.assertEqual(phone.run(COUNTS), [0, 1, 0], "only what was closed is left, without a name")
            self.assertNotIn('سالم', phone.run('document.body.innerText'))
            phone.airplane(False)
            phone.click('#field_send')
            phone.until('(await stored("forms")).length === 0')
        self.assertEqual(self.visits.mapped('state'), ['planned', 'done', 'planned'])

    def test_logging_out_leaves_nothing(self):
        with FieldBrowser(self).opened(self.researcher) as phone:
            self.take(phone)
            self.open(phone, 0)
            phone.type(TYPED % 'remarks', 'بدأت')
            phone.until('(await stored("forms")).length === 1')
            phone.go('/web/session/logout?redirect=/web/login%3Fstaff%3D1', 'document.querySelector("input[name=login]")')
            self.assertEqual(phone.run(COUNTS), [0, 0, 0])

    def test_a_refused_form_loses_nothing(self):
        with FieldBrowser(self).opened(self.researcher) as phone:
            self.take(phone)
            phone.airplane(True)
            self.open(phone, 1)
            phone.type(TYPED % 'remarks', 'كلام كثير')
            phone.click('#field_visits [data-do=done]')
            phone.until('(await stored("forms")).some((form) => form.state)')
            self.visits[1].with_user(self.researcher).action_fail("By hand")
            phone.flush()
            phone.airplane(False)
            phone.click('#field_send')
            phone.until('document.querySelector("#field_visit_list [data-kind=bad]")')
            self.assertIn('كلام كثير', phone.run('document.querySelector("#field_visit_list [data-kind=bad]").innerText'))
            phone.click('#field_visit_list [data-do=discard]')
            phone.until('(await stored("forms")).length === 0')
