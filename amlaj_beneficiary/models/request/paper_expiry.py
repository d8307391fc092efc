from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ...tools import hijri
from ...tools.counted import counted
from ..registry.guarded import AddedFields

# so many days before a paper ends its owner is told, once each (design rule 2)
EXPIRY_DAYS = (7, 30, 60)
BATCH = 200


class AmlajMessage(models.Model):
    _inherit = 'amlaj.message'

    kind = fields.Selection(selection_add=[('expiry', "A paper ends soon")], ondelete={'expiry': 'cascade'})


class AmlajRequestDocument(models.Model):
    """Papers that end: the beneficiary is told 60, 30 and 7 days before, and nothing stops by it (R23; design rule 2)."""
    _inherit = 'amlaj.request.document'

    expiry_told = fields.Integer(
        string="Told of the end", copy=False, help="How many days before the paper's end its owner was last told.")

    _expiring = models.Index("(expiry_date) WHERE state = 'matched' AND expiry_date IS NOT NULL")

    _guarded_fields = AddedFields('expiry_told')

    @api.model
    def _cron_tell_expiry(self):
        """Queue one message for each file of which a paper ends soon; may run any number of times a day."""
        due = self._expiring_by_file()
        files = list(due)
        for start in range(0, len(files), BATCH):
            batch = files[start:start + BATCH]
            self.env['amlaj.message']._prepare_messages([
                {'beneficiary_id': file.id, 'kind': 'expiry', 'body': self._expiry_text(file, due[file])} for file in batch])
            for file in batch:
                for papers, step in due[file]:
                    papers.expiry_told = step
            self.env['ir.cron']._commit_progress(len(batch), remaining=max(len(files) - start - BATCH, 0))

    @api.model
    def _expiring_by_file(self):
        """``{file: [(the same paper in its requests, step)]}`` of those papers of which the next step was not told."""
        today = self._today()
        alive = Domain('state', '=', 'matched') & Domain('request_id.state', 'not in', ('draft', 'rejected', 'cancelled')) & \
            Domain('beneficiary_id.state', 'in', ('registered', 'suspended'))
        last = today + timedelta(days=max(EXPIRY_DAYS))
        ending = self.search(alive & Domain('expiry_date', '>=', today) & Domain('expiry_date', '<=', last))
        renewed = {
            (paper.beneficiary_id, paper.document_type_id) for paper in self.search(
                alive & Domain('expiry_date', '>', last)
                & Domain('beneficiary_id', 'in', ending.beneficiary_id.ids))}
        same = defaultdict(self.browse)
        for paper in ending:
            key = paper.beneficiary_id, paper.document_type_id
            if key not in renewed:
                same[key] |= paper
        due = defaultdict(list)
        for (file, _kind), papers in same.items():
            newest = max(papers.mapped('expiry_date'))
            papers = papers.filtered(lambda paper, newest=newest: paper.expiry_date == newest)
            step = min(days for days in EXPIRY_DAYS if (newest - today).days <= days)
            told = [paper.expiry_told for paper in papers if paper.expiry_told]
            if not told or step < min(told):
                due[file].append((papers, step))
        return due

    @api.model
    def _expiry_text(self, file, due):
        """What ends and when, and that nothing stops; only a paper that says nothing of a need is named (rule 9)."""
        lang = file.lang or self.env.lang or 'en_US'
        env = self.with_context(lang=lang).env
        first = min((papers[0] for papers, _step in due), key=lambda paper: paper.expiry_date)
        day = env['amlaj.paper']._unbroken(hijri.full_date(first.expiry_date, lang))
        kind = first.with_env(env).document_type_id
        if len(due) > 1:
            return env._(
                "%(papers)s in your file end soon, the first on %(day)s. When you have the new ones, please show them to us or "
                "to the representative. Nothing stops until then.", papers=counted(len(due), 'paper', lang[:2]), day=day)
        if kind.identifies_person:
            return env._(
                "The paper “%(paper)s” in your file is valid until %(day)s. When you have the new one, please show it to us or "
                "to the representative. Nothing stops until then.", paper=kind.name, day=day)
        return env._(
            "A paper in your file is valid until %(day)s. When you have the new one, please show it to us or to the "
            "representative; you may call us to ask which one. Nothing stops until then.", day=day)
