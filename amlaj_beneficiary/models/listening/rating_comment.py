import random

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..registry.guarded import Actors, Blocker

LONGEST = 2000


class AmlajRatingComment(models.Model):
    """What beneficiaries wrote in their own words, without the case, in random order (R31, R36).

    Taken from the answers when their quarter is published, shuffled. The quality officer reads each, takes out what
    names anybody, and publishes it or keeps it; nothing is published unread.
    """
    _name = 'amlaj.rating.comment'
    _description = "Comment of a beneficiary"
    _inherit = ['amlaj.guarded']
    _order = 'quarter desc, id'
    _rec_name = 'quarter'

    quarter = fields.Date(required=True, index=True, copy=False)
    text = fields.Text(string="In the person's words", required=True, copy=False)
    state = fields.Selection([
        ('new', "To be read"),
        ('published', "Made public"),
        ('kept', "Kept to ourselves"),
    ], required=True, default='new', index=True, copy=False)
    public_text = fields.Text(
        string="Text to publish", copy=False, help="Without names, places and whatever tells who wrote or who is meant.")
    read_by_id = fields.Many2one('res.users', string="Read by", copy=False)
    read_at = fields.Datetime(string="Read on", copy=False)

    _guarded_fields = frozenset({'quarter', 'text', 'state', 'read_by_id', 'read_at'})

    def _file(self):
        return self.env['amlaj.beneficiary']  # nobody knows whose

    def action_publish(self):
        """Publish the comments as their texts to publish stand now."""
        self._check_actor('publish_comment')
        for comment in self:
            text = self._given(comment.public_text)
            if not text or len(text) > LONGEST:
                raise UserError(self.env._("Please write the text to publish, of %(most)s characters at most.", most=LONGEST))
            comment._do('publish_comment', {'state': 'published', 'public_text': text, **self._stamp('read')})
        return True

    def action_keep(self):
        """Keep the comments to ourselves; one that was published is withdrawn."""
        return self._do('keep_comment', {'state': 'kept', **self._stamp('read')})

    def write(self, vals):
        if not self.env.su and any(comment.state == 'published' for comment in self):
            raise UserError(self.env._("Please withdraw the comment before you change its text."))
        return super().write(vals)

    @api.model
    def _told_comments(self, quarter, limit=20):
        """What was published of the comments of a quarter; public."""
        return self.sudo().search([('quarter', '=', quarter), ('state', '=', 'published')], limit=limit).mapped('public_text')

    def _actors(self):
        reader = Actors(frozenset({'quality'}))
        return super()._actors() | {'publish_comment': reader, 'keep_comment': reader}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for comment in self:
            if comment.state == {'publish_comment': 'published', 'keep_comment': 'kept'}.get(action):
                blockers[comment.id].append(Blocker('state', self.env._("This was done already.")))
        return blockers

    @api.model
    def _take(self, quarter, answers):
        """Keep the comments of these answers, in random order, under times that tell nothing (superuser)."""
        texts = [answer['axes']['comment'] for answer in answers if answer['axes'].get('comment')]
        random.SystemRandom().shuffle(texts)
        self.sudo().create([{'quarter': quarter, 'text': text, 'public_text': text} for text in texts])  # the one writer
