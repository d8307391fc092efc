import re

from odoo import http
from odoo.http import request

CODE = re.compile(r'[a-z0-9-]{1,60}')


class PoliciesController(http.Controller):
    """What binds the association and what it answers to everybody, without a login (R15, R45-R48)."""

    @http.route('/policies', type='http', auth='public', website=True, methods=['GET'], sitemap=True, readonly=True)
    def policies(self, **__):
        """The rights and duties of the beneficiary in their version in force, and the documents that have a link."""
        return request.render('amlaj_beneficiary.policies_page', request.env['amlaj.guide']._public_page())

    @http.route('/answers', type='http', auth='public', website=True, methods=['GET'], sitemap=True, readonly=True)
    def answers(self, **__):
        """The approved ready answers, by topic."""
        return request.render('amlaj_beneficiary.answers_page', {'topics': request.env['amlaj.faq']._public_answers()})

    @http.route('/answers/<string:code>', type='http', auth='public', website=True, methods=['GET'], sitemap=False,
                readonly=True)
    def answer(self, code, **__):
        """One approved ready answer: the page that a message to a person names."""
        faq_sudo = request.env['amlaj.faq']._public_answer(code if CODE.fullmatch(code) else '')
        if not faq_sudo:
            raise request.not_found()
        return request.render('amlaj_beneficiary.answer_page', {'faq': faq_sudo})
