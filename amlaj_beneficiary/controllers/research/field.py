from odoo import http
from odoo.http import request

from ..request.field import FieldController


class VisitFieldController(FieldController):
    """``/field`` for visits: the day to take along, and what the phone brings back; each answer is made by one method as the
    user himself (R16, R21; rule 8)."""

    def _visits(self):
        """The visits' model for a user who visits.

        :raise NotFound: for everybody else
        """
        visits = request.env['amlaj.visit']
        if not visits._is_visitor():
            raise request.not_found()
        return visits

    def _shell_values(self, next_url=''):
        return super()._shell_values(next_url) | {'study_form': request.env['amlaj.case.study']._phone_form()}

    @http.route('/field/visits', type='jsonrpc', auth='user')
    def field_visits(self, **__):
        """Who asks, and how many visits of his are planned today."""
        if not request.env['amlaj.visit']._is_visitor():
            return {'user': request.env.uid, 'count': 0}  # a delivery officer has lists and no visits
        return {'user': request.env.uid, 'count': len(self._visits()._field_today())}

    @http.route('/field/visits/take', type='jsonrpc', auth='user')
    def field_visits_take(self, **__):
        """The visitor's own visits of today; taking them along is written in the access log."""
        visits = self._visits()._field_take()
        self._remember_list()
        return {'user': request.env.uid, 'visits': visits}

    @http.route('/field/visits/send', type='jsonrpc', auth='user')
    def field_visits_send(self, forms=None, **__):
        """Takes the forms of a phone, each once."""
        return {'user': request.env.uid, 'answers': self._visits()._field_receive(forms)}

    @http.route('/field/visits/photo', type='jsonrpc', auth='user')
    def field_visits_photo(self, key=None, visit=None, kind=None, data=None, **__):
        """Takes one photo of a visit of the user, once."""
        return {'user': request.env.uid, **self._visits()._field_photo(key, visit, kind, data)}
