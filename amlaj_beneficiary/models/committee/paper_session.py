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
    def _session_items(self, session, with_rows=False):
        """As the agenda has them, each list as one line; rows that were decided otherwise have a line of their own.

        :param with_rows: a line for each item, in a list or not
        """
        if with_rows:
            return super()._session_items(session)
        lines, by_list = [], {}
        for item_sudo, line in self._items_with_lines(session):
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
    def _items_with_lines(self, session):
        """The items of the agenda, each with what the papers show of one item by itself."""
        return list(zip(session._items().sudo(), self._session_items(session, with_rows=True), strict=True))

    @api.model
    def _session_lists(self, session):
        """The lists of a session with their rows, for the agenda and the minutes: a number, a first name, the result."""
        by_list = {}
        for item_sudo, line in self._items_with_lines(session):
            if item_sudo.list_id:
                by_list.setdefault(item_sudo.list_id, []).append({**line, 'quantity': item_sudo.quantity})
        return [{
            'name': record.name, 'rows': rows, 'amount': sum(row['amount'] for row in rows),
            'quantity': sum(row['quantity'] for row in rows)} for record, rows in by_list.items()]
