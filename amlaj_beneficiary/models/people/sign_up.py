import psycopg2.errors

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import ConcurrencyError, ValidationError

from ...tools.hijri import age_on, parse_birth
from ...tools.phone import clean_phone
from ...tools.text import clean_line, name_key
from .application import ETHICS_VERSION, NOTICE_VERSION
from .volunteer import AVAILABILITY

LONGEST_LINE = 200
MOST_ID_DIGITS = 9
# all that a visitor sends; whatever else comes is not looked at
SIGN_UP_TEXTS = (
    'name', 'phone', 'birth_text', 'availability', 'availability_note', 'guardian_name', 'guardian_phone')


class AmlajVolunteerApplication(models.Model):
    """Signing up on the page ``/volunteer`` (R42). Nothing that is known already is looked at before the answer is given,
    so the page tells nobody who signed up, who helps, or whose mobile it is."""
    _inherit = 'amlaj.volunteer.application'

    @api.model
    def _checked_sign_up(self, typed, field_ids):
        """Judge what was typed, by itself.

        :param typed: texts by name, see ``SIGN_UP_TEXTS``
        :param field_ids: texts that name fields of volunteering
        :return: ``(vals, faults, asks_guardian)``
        """
        vals, faults = {}, {}
        vals['name'] = clean_line(typed.get('name'))
        if fault := self._name_fault(vals['name']):
            faults['name'] = fault
        checks = {
            'phone': lambda text: clean_phone(text, mobile=True),
            'birth_text': lambda text: parse_birth(text, self._today())[0],
        }
        for name, check in checks.items():
            try:
                vals[name] = self._cleaned(check, (typed.get(name) or '')[:LONGEST_LINE])
            except ValidationError as error:
                faults[name] = str(error.args[0])
        vals['birth_date'] = vals.pop('birth_text', None)
        vals['availability'] = typed.get('availability')
        if vals['availability'] not in dict(AVAILABILITY):
            faults['availability'] = self.env._("Please choose when you can help.")
        vals['availability_note'] = clean_line(typed.get('availability_note'))[:LONGEST_LINE]
        ids = [int(text) for text in field_ids if text.isdecimal() and len(text) <= MOST_ID_DIGITS]
        # which fields there are is no secret
        fields_sudo = self.env['amlaj.volunteer.field'].sudo().search([('id', 'in', ids)])
        if not fields_sudo:
            faults['field'] = self.env._("Please choose at least one field.")
        vals['field_ids'] = [fields.Command.set(fields_sudo.ids)]
        asks_guardian = self._check_age(vals, typed, faults)
        return vals, faults, asks_guardian

    @api.model
    def _check_age(self, vals, typed, faults):
        """Whether the guardian is asked for; what is wrong with him, or with the age, goes to ``faults``."""
        if not vals['birth_date']:
            return False
        settings, age = self.env['amlaj.settings'], age_on(vals['birth_date'], self._today())
        if age < settings._get('volunteer_youngest_age'):
            faults['birth_text'] = self.env._(
                "Whoever wants to help us is %(age)s years old or more.", age=settings._get('volunteer_youngest_age'))
            return False
        if age >= settings._get('volunteer_guardian_age'):
            return False
        vals['guardian_name'] = clean_line(typed.get('guardian_name'))
        if fault := self._name_fault(vals['guardian_name']):
            faults['guardian_name'] = fault if vals['guardian_name'] else self.env._("Please write the guardian's name.")
        try:
            vals['guardian_phone'] = self._cleaned(
                clean_phone, (typed.get('guardian_phone') or '')[:LONGEST_LINE], mobile=True)
        except ValidationError as error:
            faults['guardian_phone'] = str(error.args[0])
        if vals.get('guardian_phone') and vals['guardian_phone'] == vals.get('phone'):
            faults['guardian_phone'] = self.env._("The guardian is another person, with a mobile of his own.")
        if 'guardian_name' not in faults and name_key(vals['guardian_name']) == name_key(vals['name']):
            faults['guardian_name'] = self.env._("The guardian is another person, with a mobile of his own.")
        return True

    @api.model
    def _sign_up(self, vals, user=None):
        """Take a sign-up, or join it to the open one of the same person; nobody is told which of the two it was.

        :param vals: of ``_checked_sign_up``
        :param user: whose account is open on the page, if any
        """
        Applications_sudo = self.with_user(SUPERUSER_ID)  # a visitor has no right on any record
        application_sudo = Applications_sudo.new(vals)
        key = application_sudo._person_key()
        found_sudo = Applications_sudo.search([('open_key', '=', key)], limit=1)
        if found_sudo:
            found_sudo._join(vals)
            return found_sudo
        try:
            created_sudo = Applications_sudo.create({
                **vals, 'origin': 'page', 'ethics_version': ETHICS_VERSION, 'notice_version': NOTICE_VERSION,
                'accepted_at': fields.Datetime.now(), 'user_id': user.id if user else False})
            created_sudo.flush_recordset(['open_key'])
            return created_sudo
        except psycopg2.errors.UniqueViolation as error:
            if error.diag.constraint_name == 'amlaj_volunteer_application_open_once':
                # the same click arrived twice at the same moment: the retry finds the first one
                raise ConcurrencyError('open_key') from error
            raise

    def _join(self, vals):
        """The same person once more: what he answered first stays, what is new is noted for the coordinator (superuser)."""
        self.write({'times_received': self.times_received + 1, 'last_received_at': fields.Datetime.now()})
        if vals.get('guardian_phone') and vals['guardian_phone'] != self.guardian_phone:
            self.lead_id.message_post(body=self.env._(
                "Signed up again and named another guardian's mobile. Please ask the person which one is right."))
