from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...tools.phone import show_phone
from ..registry.guarded import Actors, AddedFields, Blocker
from .interaction_line import DESK

SHARES = ('phone', 'locality')


class AmlajReferral(models.Model):
    """To a partner body: what is shared is seen and agreed to before it goes, and stays as it went; its answer is due, told
    to the beneficiary, and reported (R7; PDPL on passing data)."""
    _inherit = 'amlaj.referral'

    partner_body_id = fields.Many2one(
        'amlaj.partner.body', string="Partner body", index='btree_not_null', ondelete='restrict', copy=False)
    letter_number = fields.Char(string="Number of the letter", copy=False)
    shared_text = fields.Text(string="What is shared", copy=False)
    consent_id = fields.Many2one('amlaj.consent', ondelete='restrict', copy=False)
    due_on = fields.Date(string="Answer due", copy=False)
    is_late = fields.Boolean(string="Late", compute='_compute_is_late', search='_search_is_late')
    outcome = fields.Selection([
        ('served', "Served"),
        ('partly', "Partly served"),
        ('not_served', "Not served"),
        ('no_answer', "No answer came"),
    ], copy=False)

    _letter_once = models.UniqueIndex('(letter_number)', "This number is taken.")
    _due = models.Index("(due_on) WHERE state = 'open'")

    _guarded_fields = AddedFields('partner_body_id', 'letter_number', 'shared_text', 'consent_id', 'due_on', 'outcome')

    @api.depends('due_on', 'state')
    def _compute_is_late(self):
        today = self._today()
        for referral in self:
            referral.is_late = bool(referral.due_on and referral.due_on < today and referral.state == 'open')

    def _search_is_late(self, operator, value):
        if operator != 'in':
            return NotImplemented
        if {True, False} <= set(value):
            return Domain.TRUE
        late = Domain('due_on', '<', self._today()) & Domain('state', '=', 'open')
        return late if True in value else ~late

    def _is_fixed(self):
        return super()._is_fixed() or bool(self.partner_body_id)

    @api.model
    def _shared_lines(self, file, question, share=()):
        """What a partner body would be told, line by line: a name and the question, and of the rest what is chosen.

        :param share: names among ``SHARES``
        """
        lines = [self.env._("Name: %(name)s", name=file.name or '')]
        if 'phone' in share and file.phone:
            lines.append(self.env._("Phone: %(phone)s", phone=show_phone(file.phone)))
        if 'locality' in share and file.locality_id:
            lines.append(self.env._("Village or district: %(place)s", place=file.locality_id.name))
        return '\n'.join([*lines, self.env._("What is asked for: %(question)s", question=question or '')])

    @api.model
    def _consent_to_share(self, file):
        """The consent in force to pass the person's data to a partner body (superuser)."""
        return file.consent_ids.filtered(
            lambda consent: consent.purpose == 'partners' and not consent.withdrawn_at)[:1]

    def _answer_step(self):
        return 'answer_body' if self.sudo().partner_body_id else super()._answer_step()  # a question of the kind alone

    def _answered_vals(self, text, outcome=None):
        vals = super()._answered_vals(text, outcome)
        if not self.sudo().partner_body_id:  # a question of the kind alone
            return vals
        if not isinstance(outcome, str) or outcome not in dict(self._fields['outcome'].selection):
            raise UserError(self.env._("Please choose what came of the referral."))
        return {**vals, 'outcome': outcome, 'officer_id': False}

    def action_print_letter(self):
        """Print the letter to the partner body: what was agreed to be shared, word for word."""
        self._check_actor('print_letter')
        self._check_blockers('print_letter')
        return self.env.ref('amlaj_beneficiary.report_referral_letter').report_action(self, config=False)

    def _actors(self):
        return super()._actors() | {'answer_body': Actors(DESK), 'print_letter': Actors(DESK)}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for referral in self.sudo():  # the actor is checked apart
            mine = blockers[referral.id]
            if action == 'answer' and referral.partner_body_id:
                mine.append(Blocker('state', self.env._("The partner body answers; the desk records it.")))
            elif action == 'answer_body' and (referral.state != 'open' or not referral.partner_body_id):
                mine.append(Blocker('state', self.env._("No answer of a partner body is awaited.")))
            elif action == 'print_letter' and not referral.partner_body_id:
                mine.append(Blocker('state', self.env._("Only a referral to a partner body has a letter.")))
        return blockers


class AmlajInteractionLine(models.Model):
    _inherit = 'amlaj.interaction.line'

    def action_send_to_body(self, body_id, share=(), agreed=None, due_on=None):
        """Refer the question to a partner body, with what the person agreed to share and no more.

        :param body_id: the partner body
        :param share: what is shared beside the name and the question: names among ``phone`` and ``locality``
        :param agreed: how the person agreed just now (a consent's ``method``); None where he has agreed before
        :param due_on: when its answer is due; None: the body's usual days from today
        :return: the action that prints the letter
        :raise UserError: without a file, or without consent
        """
        self.ensure_one()
        self._do('refer')
        file, body = self.interaction_id.beneficiary_id, self._picked('amlaj.partner.body', body_id)
        if not body:
            raise UserError(self.env._("Please choose the partner body."))
        if not file:
            raise UserError(self.env._("A referral outside the association needs a file, in which the consent stands."))
        share = [name for name in share if name in SHARES] if isinstance(share, list | tuple) else []
        Referral_sudo = self.env['amlaj.referral'].sudo()  # the step was checked above; nobody else makes these
        consent_sudo = Referral_sudo._consent_to_share(file.sudo()) or self._take_consent(file, agreed).sudo()
        referral_sudo = Referral_sudo.create({
            'beneficiary_id': file.id, 'question': self.question, 'partner_body_id': body.id, 'asked_by_id': self.env.uid,
            'letter_number': self.env['ir.sequence'].sudo().next_by_code('amlaj.referral', sequence_date=self._today()),
            'shared_text': Referral_sudo._shared_lines(file.sudo(), self.question, share),
            'consent_id': consent_sudo.id,
            'due_on': self._given_day(due_on) or self._today() + timedelta(days=body.answer_days),
            **Referral_sudo._vals_of_contact(self.sudo().interaction_id)})
        self.sudo().referral_id = referral_sudo  # guarded: this step links it
        return referral_sudo.with_env(self.env).action_print_letter()

    def _take_consent(self, file, agreed):
        """Record that the person agreed just now, by the employee's own right.

        :raise UserError: where he did not
        """
        Consent = self.env['amlaj.consent']
        if not isinstance(agreed, str) or agreed not in dict(Consent._fields['method'].selection):
            raise UserError(self.env._("Please ask the person first whether this may be passed on, and note his consent."))
        return Consent.create({'beneficiary_id': file.id, 'purpose': 'partners', 'method': agreed})
