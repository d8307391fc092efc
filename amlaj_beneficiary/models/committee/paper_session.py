from odoo import api, models


class AmlajPaper(models.AbstractModel):
    """What the papers of a session say of a resolution by circulation, and of lists that were decided as one case."""
    _inherit = 'amlaj.paper'

    @api.model
    def _get_values(self, report):
        return super()._get_values(report) | {'session_lists': self._session_lists}

    @api.model
    def _quorum_text(self, session):
        if session.kind != 'circulation':
            return super()._quorum_text(session)
        return self.env._(
            "By circulation, without a meeting: a request is decided only once every voting member who did not stand back "
            "from it has voted himself. Answers until: %(day)s.", day=self._full_date(session.answer_by))

    @api.model
    def _session_items(self, session):
        """As the agenda has them, each list as one line; rows that were decided otherwise have a line of their own."""
        lines, by_list = [], {}
        for item_sudo, line in zip(session._items().sudo(), super()._session_items(session), strict=True):
            if not (record := item_sudo.list_id):
                lines.append(line)
                continue
            key = (record, line['result'], line['amount'], line['votes'], line['reason'])
            if key not in by_list:
                by_list[key] = {**line, 'number': '', 'flags': '', 'kind': self.env._("List"), 'count': 0}
                lines.append(by_list[key])
            merged = by_list[key]
            merged['count'] += 1
            merged['first_name'] = self.env._("List: %(name)s (files: %(count)s)", name=record.name, count=merged['count'])
            merged['due'] = min(filter(None, (merged['due'], line['due'])), default=False)
        return lines

    @api.model
    def _session_lists(self, session):
        """The lists of a session with their rows, for the agenda and the minutes: a number, a first name, the result."""
        by_list = {}
        for item_sudo in session._items().sudo().filtered('list_id'):
            by_list.setdefault(item_sudo.list_id, []).append({
                'number': item_sudo.request_number, 'first_name': self._first_name(item_sudo.request_id.beneficiary_id),
                'result': self._result_text(item_sudo), 'amount': item_sudo.amount, 'quantity': item_sudo.quantity,
                'flags': item_sudo.flag_text})
        return [{
            'name': record.name, 'rows': rows, 'amount': sum(row['amount'] for row in rows),
            'quantity': sum(row['quantity'] for row in rows)} for record, rows in by_list.items()]
