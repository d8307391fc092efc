from odoo.tests import BaseCase, tagged

from ...tools.password import is_guessable


@tagged('post_install', '-at_install', 'amlaj')
class TestPassword(BaseCase):
    """The first passwords that a stranger tries are refused; nothing else is."""

    def test_guessable(self):
        for password in ('password', 'Password1', '12345678', '٨٧٦٥٤٣٢١', '11111111', '12121212', '123123123', 'abcdefgh',
                         '0501234567', '+966501234567', '15021990', '19900215', '14100715', '15/02/1990', '1qaz2wsx',
                         'بسم الله', 'محمد1234', '90123456', 'aaaaaaaaaa'):
            with self.subTest(password=password):
                self.assertTrue(is_guessable(password))

    def test_good_enough(self):
        for password in ('new secret words', 'بحر نخلة صيد', '83650172', 'Umluj-sea-palm', '99887123', 'salem1402',
                         '45015677', 'أم سعود والبيت'):
            with self.subTest(password=password):
                self.assertFalse(is_guessable(password))
