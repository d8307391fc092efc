from odoo.fields import Command
from odoo.tests import tagged

from ..request import request_common
from . import test_rating


@tagged('post_install', '-at_install', 'amlaj')
class TestRatingTour(test_rating.RatingBuilders, request_common.RequestHttpCommon):
    """Rating in a browser of 360 px and in Arabic: behind the personal link, and on the tablet of the desk, which is
    neutral for the next person (R24, R25, R28)."""

    browser_size = '360x740'
    touch_enabled = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        website = cls.env['website'].search([], limit=1)
        arabic = cls.env['res.lang']._activate_lang('ar_001')
        website.write({'language_ids': [Command.set(arabic.ids)], 'default_lang_id': arabic.id})
        cls.done = cls.make_done()
        cls.rated = cls.invitation(cls.done)

    def walk(self, tour, path):
        self.env.flush_all()
        self.start_tour(path, f'amlaj_rating_{tour}', timeout=180)
        self.env.invalidate_all()

    def test_the_link(self):
        self.walk('link', f'/rate/{self.rated._token()}')
        self.assertEqual(self.rated._answer_sudo()._axes(), {
            'procedure': 5, 'conduct': 5, 'impression': 5, 'comment': 'شكراً لكم'})

    def test_the_tablet(self):
        self.walk('tablet', f'/rate#{self.rated._digits()}')
        self.assertEqual(self.rated._answer_sudo()._axes(), {'procedure': 4, 'conduct': 4, 'impression': 4})
        self.walk('neutral', '/rate/form')
