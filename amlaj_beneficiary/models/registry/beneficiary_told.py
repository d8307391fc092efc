from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools.counted import counted
from ...tools.hijri import full_date
from ...tools.iban import mask_iban
from ...tools.identity import mask_identity
from ...tools.phone import show_phone
from .mandate import RIGHTS
from .paper import NAME_OPENINGS

# what the person can add himself, and where
WHERE_TO_ADD = {'phone': 'phone', 'place': 'address'}
ANSWER_KEPT = relativedelta(months=3)
MOST_ANSWERS = 10
FILE_FIELDS = (
    'name', 'file_number', 'kind', 'state', 'identity_kind', 'identity_number', 'claimed_number', 'identity_matched_at',
    'birth_date', 'gender', 'phone', 'phone2', 'phone2_owner', 'hours_to_call', 'email', 'branch_id', 'locality_id',
    'short_address', 'iban', 'iban_holder', 'iban_state')


class AmlajBeneficiary(models.Model):
    """What a file's page shows to whoever follows it by a mandate: polite words, no number in full, nothing sensitive
    and nothing that staff noted (R19, R21, R70; design rule 1).

    The caller has checked the mandate and calls in superuser mode; nothing here is open to a client.
    """
    _inherit = 'amlaj.beneficiary'

    @api.model
    def _files_followed(self):
        """The valid mandates of the current user to follow a file, in superuser mode: one query.

        What is another's, what has ended and what never was are alike: no mandate.
        """
        Mandate_sudo = self.env['amlaj.mandate'].sudo()  # it asks for his own mandates alone
        mine = Mandate_sudo._valid_domain() & Domain('user_id', '=', self.env.uid) & Domain('may_follow', '=', True)
        return Mandate_sudo.search_fetch(mine, ['beneficiary_id', 'may_apply', 'capacity'], order='id')

    @api.model
    def _mandates_of_files_followed(self):
        """All valid mandates of the files that the current user follows, his own and others', in superuser mode."""
        Mandate_sudo = self.env['amlaj.mandate'].sudo()  # the condition asks for his own mandate to follow
        valid = Mandate_sudo._valid_domain()
        mine = valid & Domain('user_id', '=', self.env.uid) & Domain('may_follow', '=', True)
        return Mandate_sudo.search_fetch(
            valid & Domain('beneficiary_id.mandate_ids', 'any', mine),
            ['beneficiary_id', 'person_name', 'capacity', 'user_id', 'valid_until', *RIGHTS], order='id')

    @api.model
    def _file_page(self, file_id=None):
        """What the current user's page of a file shows.

        :param file_id: the file; None for the only one that he follows
        :return: ``{'told': ...}``, without a file chosen ``{'files': [...]}``; False where it is none of his
        """
        mandates_sudo = self._mandates_of_files_followed()
        files_sudo = mandates_sudo.beneficiary_id
        if file_id is None and len(files_sudo) != 1:
            return {'files': [{'id': file.id, 'name': file.name, 'number': file.file_number} for file in files_sudo]}
        file_sudo = files_sudo if file_id is None else files_sudo.filtered(lambda file: file.id == file_id)
        if not file_sudo:
            return False
        file_sudo.fetch(self._file_fields())
        mandates_sudo = mandates_sudo.filtered(lambda mandate: mandate.beneficiary_id == file_sudo)
        return {'told': file_sudo._file_told(mandates_sudo), 'is_one': len(files_sudo) == 1}

    @api.model
    def _file_fields(self):
        """What the page shows of the file itself; later rooms add theirs."""
        return FILE_FIELDS

    def _file_told(self, mandates):
        """The page of this file.

        :param mandates: all valid mandates for it, the reader's own among them
        """
        self.ensure_one()
        mine = mandates.filtered(lambda mandate: mandate.user_id.id == self.env.uid)
        may_change = any(mandate.may_apply and mandate.may_follow for mandate in mine) and self.state != 'ended'
        changes = self._told_changes()  # brings the places that the lines below name
        return {
            'id': self.id, 'name': self.name, 'number': self.file_number, 'kind': self.kind, 'state': self.state,
            'state_text': self._told_state(), 'missing': self._told_missing(), 'may_change': may_change,
            'acts_for': not any(mandate.capacity == 'self' for mandate in mine) and self.name,
            'branch': self._told_branch(), 'lines': self._told_lines(), 'reach': self._told_reach(),
            'iban': mask_iban(self.iban) if self.iban else '', 'iban_holder': self.iban_holder or '',
            'iban_text': self._told_iban(),
            'members': [member._told() for member in self._told_members()],
            'mandates': [mandate._told('self' in mine.mapped('capacity')) for mandate in mandates],
            'papers': self._told_papers(), 'consents': self._told_consents(), **changes,
        }

    @api.model
    def _told_day(self, day):
        return full_date(day, (self.env.lang or 'en')[:2]) if day else ''

    def _told_state(self):
        return {
            'provisional': self.env._("Your file is open; its registration is not complete yet."),
            'registered': self.env._("Your file is registered."),
            'suspended': self.env._("Your file is on hold for now. Please call us; we are glad to help."),
            'ended': self.env._("This file is closed. Please call us; we are glad to help."),
        }[self.state]

    def _told_missing(self):
        """What a provisional file still lacks: ``{'text', 'subject'}``; with a subject he can add it himself."""
        if self.state != 'provisional':
            return []
        lacks = []
        for blocker in self._registration_blockers():
            if blocker.code in ('identity', 'identity_match'):
                text = self.env._("The identity paper: we see the original at our first meeting, no copy is needed.")
                lacks.append({'text': text, 'subject': False})
            elif blocker.whom == 'applicant':
                lacks.append({'text': blocker.text, 'subject': WHERE_TO_ADD.get(blocker.code, False)})
        return lacks

    def _told_branch(self):
        """The sub-office and how to reach it; without one, the association's own phone."""
        phone = self.branch_id.phone or self.env.company._get_paper_phone() or ''
        return {
            'name': self.branch_id.name or self.env.company.name, 'address': self.branch_id.address or '',
            'phone': phone}

    def _told_lines(self):
        """Who the person is: ``{'subject', 'label', 'text', 'is_ltr'}``; with a subject he can ask for a change."""
        masked = mask_identity(self.identity_number) if self.identity_number else ''
        is_claimed = not masked and bool(self.claimed_number)
        if is_claimed:
            masked = self.env._("You wrote it down; we see the original at our first meeting.")
        return [
            {'subject': 'name', 'label': self.env._("Name"), 'text': self.name, 'is_ltr': False},
            {'subject': False, 'label': self.env._("Identity number"), 'text': masked, 'is_ltr': not is_claimed},
        ]

    def _told_reach(self):
        """How the person is reached, each with its own change; later rooms add to the line of the wishes."""
        place = ' · '.join(filter(None, [self.locality_id.name, self.short_address]))
        return [
            {'subject': 'phone', 'label': self.env._("Phone"), 'text': show_phone(self.phone), 'is_ltr': True},
            {'subject': 'phone2', 'label': self.env._("Second phone"), 'text': show_phone(self.phone2),
             'more': self.phone2 and self.phone2_owner or '', 'is_ltr': True},
            {'subject': 'reach', 'label': self.env._("How and when to reach you"), 'text': self._told_wishes(),
             'is_ltr': False},
            {'subject': 'address', 'label': self.env._("Village or district, and short address"), 'text': place,
             'is_ltr': False},
            {'subject': 'email', 'label': self.env._("E-mail (not needed)"), 'text': self.email or '', 'is_ltr': True},
        ]

    def _told_wishes(self):
        return self.hours_to_call or ''

    def _told_iban(self):
        return {
            'none': '',
            'to_confirm': self.env._("A second employee still confirms it."),
            'confirmed': self.env._("Confirmed."),
        }[self.iban_state]

    def _told_members(self):
        return self.env['amlaj.household.member'].search_fetch(
            [('beneficiary_id', '=', self.id)], ['name', 'relationship', 'birth_date', 'gender'])

    def _told_papers(self):
        """The papers on file with their end; the requests' room knows them."""
        return []

    def _told_consents(self):
        """Each purpose, and since when the person agrees to it, if he does."""
        consents = self.env['amlaj.consent'].search_fetch(
            [('beneficiary_id', '=', self.id), ('withdrawn_at', '=', False)], ['purpose', 'given_at'])
        since = {consent.purpose: self._told_day(self._local_day(consent.given_at)) for consent in consents}
        return [
            {'text': text, 'since': since.get(purpose, '')}
            for purpose, text in self.env['amlaj.consent']._selection_purpose()]

    def _told_changes(self):
        """The changes that wait, and the answers of the last months."""
        recent = fields.Datetime.now() - ANSWER_KEPT
        changes = self.env['amlaj.change.request'].search_fetch(
            Domain('beneficiary_id', '=', self.id) & (Domain('state', '=', 'new') | (
                Domain('state', 'in', ('accepted', 'refused')) & Domain('decided_by_id', '!=', False)
                & Domain('decided_at', '>', recent))),
            ['beneficiary_id', 'subject', 'state', 'old_values', 'new_values', 'asked_at', 'decided_at', 'refuse_reason',
             'origin'])
        waiting = changes.filtered(lambda change: change.state == 'new')
        answered = (changes - waiting).sorted('decided_at', reverse=True)[:MOST_ANSWERS]
        (waiting | answered)._fetch_shown(self.locality_id)
        return {'waiting': [change._told() for change in waiting], 'answered': [change._told() for change in answered]}


class AmlajHouseholdMember(models.Model):
    _inherit = 'amlaj.household.member'

    def _told(self):
        """What the page shows of a member: first name, relationship and age; never his identity number."""
        age, words = self._age(), self.name.split() or ['']
        return {
            'id': self.id, 'name': ' '.join(words[:2] if words[0] in NAME_OPENINGS else words[:1]),
            'relationship': self._told_relationship(),
            'age': counted(age, 'year', (self.env.lang or 'en')[:2]) if age else ''}

    def _told_relationship(self):
        """What the member is to the person, in one word where it is known whether a man or a woman is meant."""
        words = {
            'spouse': (self.env._("Husband"), self.env._("Wife")),
            'child': (self.env._("Son"), self.env._("Daughter")),
            'parent': (self.env._("Father"), self.env._("Mother")),
            'sibling': (self.env._("Brother"), self.env._("Sister")),
            'grandchild': (self.env._("Grandson"), self.env._("Granddaughter")),
            'grandparent': (self.env._("Grandfather"), self.env._("Grandmother")),
        }.get(self.relationship)
        gender = self.gender
        if not gender and self.relationship == 'spouse' and self.beneficiary_id.gender:
            gender = 'female' if self.beneficiary_id.gender == 'male' else 'male'
        if words and gender:
            return words[gender == 'female']
        return dict(self._fields['relationship']._description_selection(self.env)).get(self.relationship, '')

    def _age(self):
        """Age in whole years today; None when no birth date is known."""
        return relativedelta(self._today(), self.birth_date).years if self.birth_date else None


class AmlajMandate(models.Model):
    _inherit = 'amlaj.mandate'

    def _told(self, is_own_page=True):
        """Who may do what until when; no phone, no proof, no account of another's.

        :param is_own_page: whether the reader is the beneficiary himself
        """
        capacities = dict(self._fields['capacity']._description_selection(self.env))
        words = {
            'may_apply': self.env._("ask for services and changes"),
            'may_follow': self.env._("follow the file"),
            'may_receive': self.env._("receive what is delivered"),
        }
        if self.capacity != 'self':
            words['may_receive'] = self.env._("receive in your name") if is_own_page else self.env._(
                "receive in the beneficiary's name")
        return {
            'name': self.person_name, 'capacity': capacities[self.capacity],
            'rights': [words[right] for right in RIGHTS if self[right]], 'is_mine': self.user_id.id == self.env.uid,
            'until': self.beneficiary_id._told_day(self.valid_until)}


class AmlajChangeRequest(models.Model):
    _inherit = 'amlaj.change.request'

    def _told(self):
        """What the page shows of a change: old and new, the account masked; the answer and its reason."""
        subjects = dict(self._fields['subject']._description_selection(self.env))
        day = self.beneficiary_id._told_day
        return {
            'id': self.id, 'subject': self.subject, 'label': subjects[self.subject], 'state': self.state,
            'lines': self._comparison(is_masked=True), 'asked': day(self._local_day(self.asked_at)),
            'is_by_staff': self.origin == 'staff',
            'next': self._told_next() if self.state == 'new' else '',
            'decided': day(self._local_day(self.decided_at)) if self.decided_at else '',
            'reason': self.refuse_reason or ''}
