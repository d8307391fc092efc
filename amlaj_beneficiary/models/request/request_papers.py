from odoo import models


class AmlajRequest(models.Model):
    """The papers that a request needs: those of its service for this beneficiary, known ones reused (R18, R53)."""
    _inherit = 'amlaj.request'

    def _sync_documents(self):
        """Bring the list of papers in line with the service; nothing that was received is lost."""
        Document_sudo = self.env['amlaj.request.document'].sudo()  # the list is the house's own
        for request_sudo in self.sudo().filtered('service_id'):
            requirements = request_sudo.service_id._required_documents(request_sudo.beneficiary_id._all_categories())
            wanted = {line.document_type_id: line for line in requirements}
            present = {document.document_type_id: document for document in request_sudo.document_ids}
            for kind, document in present.items():
                if kind in wanted:
                    document.is_required = wanted[kind].is_required
                elif document.state == 'missing':
                    document.unlink()
                else:
                    document.is_required = False
            known = request_sudo._known_papers([kind.id for kind in wanted if kind not in present])
            Document_sudo.create([
                {'request_id': request_sudo.id, 'document_type_id': kind.id, 'sequence': line.sequence,
                 'is_required': line.is_required, 'note': line.note, **request_sudo._reuse_vals(known.get(kind.id))}
                for kind, line in wanted.items() if kind not in present])

    def _known_papers(self, type_ids):
        """``{document type id: paper}``: the newest matched paper of an earlier request that is still valid today."""
        self.ensure_one()
        if not type_ids:
            return {}
        earlier = self.env['amlaj.request.document'].search([
            ('beneficiary_id', '=', self.beneficiary_id.id), ('request_id', '!=', self.id), ('state', '=', 'matched'),
            ('document_type_id', 'in', type_ids),
            ('reused_from_id', '=', False),  # the one that was seen: should it prove wrong, nothing leans on it
        ], order='received_on, id')
        return {paper.document_type_id.id: paper for paper in earlier if paper._is_known_valid()}

    def _forget_papers(self):
        """The request is another person's now: what was matched is matched anew, what was known is not (superuser)."""
        papers = self.document_ids
        papers.filtered('reused_from_id').write({
            'state': 'missing', 'number': False, 'issued_on': False, 'expiry_date': False, 'received_on': False,
            'reused_from_id': False, 'matched_by_id': False, 'matched_at': False})
        papers.filtered(lambda paper: paper.state == 'matched').write({
            'state': 'provided', 'matched_by_id': False, 'matched_at': False})
        papers.filtered(lambda paper: paper.state == 'missing').unlink()  # the list is made anew

    def _reuse_vals(self, paper):
        if not paper:
            return {}
        return {
            'state': 'matched', 'number': paper.number, 'issued_on': paper.issued_on, 'expiry_date': paper.expiry_date,
            'proof': paper.proof, 'received_on': self._today(), 'reused_from_id': paper.id,
            'matched_by_id': paper.matched_by_id.id, 'matched_at': paper.matched_at}

    def _paper_blockers(self):
        """Blockers of the required papers, and of others that were given but do not count."""
        return [
            blocker for document in self.document_ids
            if (document.is_required or document.state == 'mismatch') and (blocker := document._blocker())]

    def _has_missing_papers(self):
        """Whether the applicant has still to bring something."""
        self.ensure_one()
        return any(blocker.whom == 'applicant' for blocker in self.sudo()._paper_blockers())
