from odoo.fields import Command
from odoo.tests import tagged

from . import request_common
from .distribution_common import DistributionBuilders
from .field_browser import FieldBrowser

LISTED = 'document.querySelector("#field_typed")'


@tagged('post_install', '-at_install', 'amlaj')
class TestFieldBrowser(DistributionBuilders, request_common.RequestHttpCommon):
    """A volunteer's phone of 360 px in Arabic on a distribution day: the list is taken along with a line, people are served in
    airplane mode, the browser is closed and opened, and everything arrives once (R64, R68; rule 8)."""

    browser_size = '360x740'
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['res.lang']._activate_lang('ar_001')
        (cls.helper | cls.officer).write({'lang': 'ar_001'})
        cls.deliveries = cls.env['amlaj.delivery'].union(*(
            cls.make_delivery(file=cls.make_file(name)).sudo()
            for name in ('فاطمة سعد محمد الحربي', 'سالم علي سعد الجهني', 'نورة حمد فهد المحمدي')))
        cls.mandate = cls.make_mandate(
            cls.deliveries[1].beneficiary_id, person_name='سعد علي الجهني', capacity='delegate')
        cls.day = cls.make_today(cls.deliveries, 'قاعة المدرسة')

    @classmethod
    def make_today(cls, deliveries, place):
        Days = cls.env['amlaj.distribution'].with_user(cls.officer)
        day = Days.create({'date': Days._today(), 'branch_id': cls.branch.id, 'place': place,
                           'team_ids': [Command.set(cls.helper.ids)]})
        deliveries.sudo().distribution_id = day
        day.action_open()
        return day

    def digits(self, delivery):
        return delivery.beneficiary_id.identity_number[-4:]

    def take(self, phone):
        phone.go('/field', 'document.body.dataset.ready')
        phone.click('[data-do=take]')
        phone.until('document.querySelector("#field_typed") && navigator.serviceWorker.controller')

    def count(self, store):
        return f'(await stored("{store}")).length'

    def serve(self, phone, delivery):
        """Type four digits, and press the name that they find."""
        before = phone.run(self.count('entries'))
        phone.type('#field_typed', self.digits(delivery))
        phone.click('.field-found')
        phone.until(f'{self.count("entries")} === {before + 1}')

    def show(self, phone, text, condition):
        """Hold a paper before the camera."""
        phone.run(f'window.seen = {text!r}')
        phone.click('[data-do=scan]')
        phone.until(condition)
        phone.run('window.seen = null')

    def test_airplane_mode(self):
        first, second, third = self.deliveries
        other = self.make_deliveries(1)
        self.make_today(other, 'مركز الحي')
        with FieldBrowser(self).opened(self.helper) as phone:
            self.assertEqual(self.count_of_days(phone), 2)
            phone.click(f'section:has(h2):nth-of-type({self.position(phone)}) [data-do=take]')
            phone.until('document.querySelector("#field_typed") && navigator.serviceWorker.controller')
            self.check_screen(phone)

            phone.airplane(True)
            phone.go('/field', LISTED)
            self.assertTrue(phone.run('fetch("/field/days").then(() => false, () => true)'), "there is no line")
            self.serve(phone, first)
            phone.click('.field-undo')
            phone.until(f'{self.count("entries")} === 0')
            self.serve(phone, first)
            # his brother comes with the paper, an authorised person
            slip = f'https://example.com/follow-up#{second.request_id.name}-0123456789'
            self.show(phone, slip, f'{self.count("entries")} === 2 && document.querySelector("#field_receivers")')
            phone.click('#field_receivers label:nth-of-type(2) input')
            phone.until(f'(await stored("entries")).some((entry) => entry.mandate === {self.mandate.id})')
            self.show(phone, slip, 'document.querySelector("#field_found [data-kind=bad]")')
            self.assertIn(second.request_id.name, phone.run('document.querySelector("#field_found").textContent'))
            # a paper of another day, one with forged check digits, and one of nobody
            for text in (f'https://example.com/follow-up#{other.request_id.name}-0123456789',
                         f'https://example.com/verify/{third.request_id.name}-0000000000', 'https://example.com/'):
                phone.run('document.querySelector("#field_found").replaceChildren()')
                self.show(phone, text, 'document.querySelector("#field_found [data-kind=bad]")')
            self.assertEqual(phone.run(self.count('entries')), 2)
            phone.go('/field', LISTED)
            paper = self.env['amlaj.paper']._get_verify_url(third.request_id)
            self.show(phone, paper, f'{self.count("entries")} === 3')
            phone.go('/field', LISTED)
            self.assertEqual(phone.run(self.count('entries')), 3)
            self.assertEqual(set(self.deliveries.mapped('state')), {'planned'})
            entries = phone.run('stored("entries")')

            phone.airplane(False)
            phone.click('#field_send')
            phone.until(f'{self.count("entries")} === 0 && {self.count("lists")} === 0')
            self.assertNotIn('فاطمة', phone.run('document.body.innerText'))
        self.assertRecordValues(self.deliveries, [
            {'state': 'delivered', 'receiver_name': 'فاطمة سعد محمد الحربي', 'delivered_by_id': self.helper.id},
            {'state': 'delivered', 'receiver_name': 'سعد علي الجهني', 'delivered_by_id': self.helper.id},
            {'state': 'delivered', 'receiver_name': 'نورة حمد فهد المحمدي', 'delivered_by_id': self.helper.id}])
        self.assertEqual(len(self.day.entry_ids), 3, "each arrived once")
        self.assertEqual(set(self.day.entry_ids.mapped('submission_key')), {entry['key'] for entry in entries})
        self.assertEqual(self.day.conflict_count, 0)
        for entry in entries:
            self.assertEqual(entry.keys(), {'key', 'user', 'day', 'delivery', 'number', 'mandate', 'at', 'held_until'},
                             "what waits holds no name")

    def count_of_days(self, phone):
        phone.go('/field', 'document.body.dataset.ready')
        return phone.run('document.querySelectorAll("[data-do=take]:not([hidden])").length')

    def position(self, phone):
        return phone.run("[...document.querySelectorAll('section h2')].findIndex(n => n.textContent.includes('المدرسة')) + 1")

    def check_screen(self, phone):
        """Arabic, from right to left, no wider than the phone, targets and letters as large as they have to be."""
        self.assertEqual(phone.run('[document.documentElement.lang, document.documentElement.dir]'), ['ar', 'rtl'])
        self.assertLessEqual(phone.run('document.documentElement.scrollWidth'), 360)
        self.assertEqual(phone.run("""
            [...document.querySelectorAll('button, a, input')].filter((node) => node.offsetParent &&
                (node.getBoundingClientRect().height < 44 || parseFloat(getComputedStyle(node).fontSize) < 16)
            ).map((node) => node.outerHTML)"""), [])
        self.assertFalse(phone.run('/[A-Za-z]{3}/.test(document.querySelector("#field_main").innerText)'))

    def test_two_days_later(self):
        with FieldBrowser(self).opened(self.helper) as phone:
            self.take(phone)
            phone.airplane(True)
            phone.go('/field', LISTED)
            self.serve(phone, self.deliveries[0])
            phone.run("""new Promise((resolve) => {
                const request = indexedDB.open("amlaj_field");
                request.onsuccess = () => {
                    const change = request.result.transaction("lists", "readwrite");
                    const lists = change.objectStore("lists");
                    lists.getAll().onsuccess = ({target}) => target.result.forEach((list) =>
                        lists.put({...list, taken_at: Date.now() - 49 * 3600 * 1000}));
                    change.oncomplete = () => { request.result.close(); resolve(true); };
                };
            })""")
            phone.go('/field', 'document.querySelector(".field-note")')
            self.assertEqual(phone.run(f'[{self.count("lists")}, {self.count("entries")}]'), [0, 1])
            self.assertNotIn('فاطمة', phone.run('document.body.innerText'))
            phone.airplane(False)
            phone.click('#field_send')
            phone.until(f'{self.count("entries")} === 0')
        self.assertEqual(self.deliveries.mapped('state'), ['delivered', 'planned', 'planned'])

    def test_the_session_ends_and_another_volunteer_was_faster(self):
        first, second, __ = self.deliveries
        with FieldBrowser(self).opened(self.helper) as phone:
            self.take(phone)
            self.serve(phone, first)
            self.serve(phone, second)
            first.with_user(self.officer).action_deliver('فاطمة')
            phone.log_out_behind()
            phone.click('#field_send')
            phone.until('document.querySelector("a[href*=\'/web/login?staff=1\']")')
            self.assertEqual(phone.run(self.count('entries')), 2, "nothing is lost")
            phone.until('!document.querySelector(".field-undo")')
            self.assertTrue(phone.run('amlajField.book.entries.every((entry) => entry.tried)'), "it may have arrived")
            phone.log_in(self.officer)
            phone.go('/field', 'document.body.dataset.ready')
            self.assertEqual(phone.run(self.count('lists')), 0, "a colleague's names are erased")
            self.assertEqual(phone.run(self.count('entries')), 2)
            self.assertTrue(phone.run('document.querySelector("#field_send").hidden'), "nobody sends in another's name")
            phone.log_in(self.helper)
            phone.go('/field', 'document.body.dataset.ready')
            phone.click('#field_send')
            phone.until(f'{self.count("entries")} === 0 && document.querySelector("[data-do=dismiss]")')
            self.assertIn(first.request_id.name, phone.run('document.querySelector(".field-note").textContent'))
            phone.click('[data-do=dismiss]')
            phone.until(f'{self.count("notices")} === 0')
        self.assertEqual(second.delivered_by_id, self.helper)
        self.assertEqual(first.delivered_by_id, self.officer)
        self.assertEqual(sorted(self.day.entry_ids.mapped('state')), ['already', 'delivered'])

    def test_logout_erases(self):
        with FieldBrowser(self).opened(self.helper) as phone:
            self.take(phone)
            self.assertEqual(phone.run(self.count('lists')), 1)
            phone.go('/web/session/logout?redirect=/web/login', 'location.pathname.endsWith("/web/login")')
            self.assertEqual(phone.run(f'[{self.count("lists")}, (await caches.keys()).length]'), [0, 0])
            self.assertEqual(phone.run('navigator.serviceWorker.getRegistrations().then((all) => all.length)'), 0)
            phone.log_in(self.helper)
            self.take(phone)
            phone.airplane(True)
            self.serve(phone, self.deliveries[0])
            phone.airplane(False)
            phone.run('amlajField.book.send = () => Promise.resolve()')
            phone.go('/web/session/logout?redirect=/web/login', 'document.body.dataset.ready')
            self.assertEqual(phone.run(f'[{self.count("lists")}, {self.count("entries")}]'), [0, 1])
            phone.until('!document.querySelector("#field_left_waiting").hidden')

    def test_one_scan_is_one_delivery(self):
        """Of two deliveries to one person a scan takes one; the other is offered, and a second scan takes nothing."""
        request = self.deliveries[0].request_id
        second = request.delivery_ids.copy({'request_id': request.id})
        second.distribution_id = self.day
        slip = f'https://example.com/follow-up#{request.name}-0123456789'
        with FieldBrowser(self).opened(self.helper) as phone:
            self.take(phone)
            phone.airplane(True)
            self.show(phone, slip, f'{self.count("entries")} === 1')
            self.show(phone, slip, 'document.querySelector(".field-found")')
            self.assertEqual(phone.run(self.count('entries')), 1)
            phone.click('.field-found')
            phone.until(f'{self.count("entries")} === 2')
            self.assertEqual(set(phone.run('stored("entries").then((all) => all.map((entry) => entry.delivery))')),
                             {self.deliveries[0].id, second.id})

    def test_what_may_have_arrived_is_not_undone(self):
        with FieldBrowser(self).opened(self.helper) as phone:
            self.take(phone)
            self.serve(phone, self.deliveries[0])
            # the server hears, and its answer is lost
            phone.run("""(() => {
                window.realFetch = window.fetch;
                window.fetch = (...args) => window.realFetch(...args).then(() => { throw new Error("lost"); });
            })()""")
            phone.click('#field_send')
            phone.until('document.querySelector("#field_line").dataset.line === "lost" && !document.querySelector(".field-undo")')
            self.assertEqual(self.deliveries[0].state, 'delivered')
            self.assertEqual(phone.run(self.count('entries')), 1)
            phone.run('void (window.fetch = window.realFetch)')
            phone.click('#field_send')
            phone.until(f'{self.count("entries")} === 0 && {self.count("notices")} === 0')
        self.assertEqual(self.day.entry_ids.mapped('state'), ['delivered'])

    def test_scanner_of_odoo(self):
        """A browser without a reader of its own keeps Odoo's, for the time without line."""
        with FieldBrowser(self).opened(self.helper) as phone:
            phone.chrome._websocket_request(
                'Page.addScriptToEvaluateOnNewDocument', params={'source': 'delete window.BarcodeDetector'})
            self.take(phone)
            phone.until('(await caches.keys()).includes("amlaj-field-scanner")')
            phone.airplane(True)
            phone.go('/field', LISTED)
            phone.click('[data-do=scan]')
            phone.until('window.ZXing && document.querySelector("video")')
            phone.click('[data-do=stop]')
            phone.until('!document.querySelector("video")')
