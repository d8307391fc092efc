import base64
import io
from contextlib import contextmanager

from PIL import Image, ImageDraw

from odoo.fields import Command
from odoo.tests import HttpCase, TransactionCase

from .. import common

ROLES = common.ROLES


def picture(mode='RGB', size=(240, 90), ink=True, kind='PNG', **options):
    """A drawing as bytes: two thick strokes on white, or nothing but the paper."""
    image = Image.new(mode, size, 'white' if mode != 'RGBA' else (0, 0, 0, 0))
    if ink:
        draw = ImageDraw.Draw(image)
        draw.line((20, 70, 90, 15, 150, 75, 220, 20), fill='black', width=4)
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def signature(**options):
    """A drawn signature as the browser sends it."""
    return base64.b64encode(picture(**options)).decode()


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n" \
      b"trailer<</Root 1 0 R>>\n%%EOF\n"


class RequestBuilders(common.AmlajBuilders):
    """Builders of requests in every state: papers, services, a file, a signed request.

    What the desk does is done by ``self.user['relations']``, so that the house's own guards run; the states after the
    committee are set by the superuser, since deciding belongs to another room.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.relations = cls.user['relations']
        cls.lease, cls.letter = cls.env['amlaj.document.type'].create([
            {'name': "Lease (test)", 'proof': 'file'},
            {'name': "Letter (test)", 'proof': 'file', 'max_age_days': 90},
        ])
        cls.card = cls.env['amlaj.document.type'].create({
            'name': "Card (test)", 'proof': 'seen', 'identifies_person': True, 'has_expiry': True})
        cls.service = cls.make_service("Rent (test)", cls.lease)
        cls.studied = cls.make_service("Sponsorship (test)", cls.lease, requires_case_study=True)
        cls.file = cls.make_file()
        cls.interview = cls.env['amlaj.channel']._by_code('interview')

    @classmethod
    def make_service(cls, name, *papers, questions=None, **vals):
        return cls.env['amlaj.service'].create({
            'name': name, 'kind': 'in_kind',
            'requirement_ids': [
                Command.create({'document_type_id': paper.id, 'sequence': rank})
                for rank, paper in enumerate(papers, 1)],
            **({'question_definition': questions} if questions else {}),
            **vals,
        })

    @classmethod
    def ask(cls, service=None, file=None, user=None, **vals):
        """A draft, made by the relations employee unless another ``user`` is named."""
        service = cls.service if service is None else service
        return cls.env['amlaj.request'].with_user(user or cls.relations).create({
            'beneficiary_id': (file or cls.file).id, 'service_id': service.id, 'description': "Two months are due",
            'amount_requested': 1200, **vals})

    @classmethod
    def sign(cls, request, user=None):
        request.with_user(user or cls.relations).action_sign('paper', name="Salem Alharbi")
        return request

    @classmethod
    def match(cls, request, user=None):
        """Every paper of the request received and matched today."""
        request.document_ids.with_user(user or cls.relations).action_receive_and_match()
        return request

    @classmethod
    def make_request(cls, state='submitted', verified=False, informed=False, service=None, **vals):
        """A signed request in ``state``, seen as the relations employee."""
        if state == 'research':
            service, informed = service or cls.studied, True
        if state == 'incomplete' and not service:
            # a paper that no earlier request of the file brought
            service = cls.make_service("Waiting (test)", cls.env['amlaj.document.type'].create({'name': "Bill (test)"}))
        request = cls.sign(cls.ask(service, **vals))
        if state == 'draft':
            return request
        if state != 'incomplete':
            cls.match(request)
        request.action_submit()
        if verified or informed or state not in ('incomplete', 'submitted'):
            request.action_verify()
        if informed or state not in ('incomplete', 'submitted'):
            request.action_inform(cls.interview.id)
        if state == 'research':
            request.action_start_research()
        elif state not in ('incomplete', 'submitted'):
            request.action_raise()
            if state != 'committee':
                request.sudo().state = state
        return request

    @classmethod
    def finish_study(cls, request):
        """The case study that a request in research waits for, taken up and finished by the researcher."""
        researcher = cls.user['researcher']
        request.with_user(researcher).action_take_study()
        study = request._last_studies()[request.id].with_user(researcher).sudo(False)
        study.recommendation = "Help with the rent"
        return study.action_finish()

    @classmethod
    def make_delivery(cls, **vals):
        """A planned delivery of a request in delivery, seen as the delivery officer."""
        request = cls.make_request('approved', **vals)
        request.with_user(cls.user['delivery']).action_start_delivery()
        return request.sudo().delivery_ids.with_user(cls.user['delivery'])

    @contextmanager
    def assertRefused(self, exception, message):
        """As ``assertRaisesRegex``, and like Odoo's ``assertRaises`` what was written before is taken back."""
        with self.assertRaises(exception) as caught:
            yield
        self.assertRegex(str(caught.exception), message)

    def codes(self, records, action):
        """The codes of the blockers of ``action``, for one record."""
        return [blocker.code for blocker in records._get_blockers(action)[records.id]]


class RequestCommon(RequestBuilders, TransactionCase):
    """Base of the request room's tests."""


class RequestHttpCommon(RequestBuilders, HttpCase):
    """Base of the request room's tests that ask over HTTP."""
