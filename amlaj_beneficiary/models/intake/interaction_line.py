from odoo import api, fields, models
from odoo.exceptions import UserError

from ..registry.guarded import Actors, Blocker

DESK = frozenset({'relations', 'representative', 'manager'})
LONGEST = 4000


class AmlajInteractionLine(models.Model):
    """One question of a contact, with its answer: every question is answered, or referred to who knows (R50, R51, R56).

    Whoever may work on the contact works on its questions, until it is closed. A question that carries a common notion
    counts it (R27).
    """
    _name = 'amlaj.interaction.line'
    _description = "Question of a contact"
    _inherit = ['amlaj.guarded']
    _order = 'interaction_id, sequence, id'
    _rec_name = 'state'

    interaction_id = fields.Many2one(
        'amlaj.interaction', string="Contact record", required=True, index=True, ondelete='cascade')
    sequence = fields.Integer(default=10)
    question = fields.Text(required=True, copy=False)
    answer = fields.Text(copy=False)
    faq_id = fields.Many2one('amlaj.faq', string="Ready answer", index='btree_not_null', ondelete='set null')
    notion_id = fields.Many2one('amlaj.notion', string="Common notion", index='btree_not_null', ondelete='set null')
    referral_id = fields.Many2one(
        'amlaj.referral', index='btree_not_null', ondelete='set null', copy=False)
    state = fields.Selection([
        ('open', "Not answered yet"),
        ('referred', "Referred"),
        ('answered', "Answered"),
    ], compute='_compute_state', store=True, precompute=True, index=True)

    _guarded_fields = frozenset({'referral_id', 'state'})

    @api.depends('answer', 'referral_id')
    def _compute_state(self):
        for line in self:
            line.state = (
                'answered' if (line.answer or '').strip() else 'referred' if line.referral_id else 'open')

    @api.onchange('faq_id')
    def _onchange_faq_id(self):
        if self.faq_id:
            self.question = self.question or self.faq_id.question
            self.answer = self.faq_id.answer
            self.notion_id = self.faq_id.notion_id or self.notion_id

    @api.onchange('notion_id')
    def _onchange_notion_id(self):
        if self.notion_id:
            self.answer = self.answer or self.notion_id.correction

    # ------------------------------------------------------------
    # Writing
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.browse().check_access('create')  # before anything is told of what is missing
        vals_list = [self._clean_vals(vals) for vals in vals_list]
        lines = super().create(vals_list)
        lines._check_changeable()
        return lines

    def write(self, vals):
        self.check_access('write')
        self._check_changeable()
        result = super().write(self._clean_vals(vals))
        self._check_changeable()  # nor may a question move to another contact that is closed
        return result

    @api.model
    def _clean_vals(self, vals):
        vals = dict(vals)
        for name in ('question', 'answer'):
            if name in vals:
                vals[name] = self._given(vals[name])[:LONGEST]
        if faq := self._picked('amlaj.faq', vals.get('faq_id')):
            vals['question'] = vals.get('question') or faq.question
        if 'question' in vals and not vals['question']:
            raise UserError(self.env._("Please write what was asked."))
        return vals

    def _check_changeable(self):
        """:raise UserError: when the contact is closed; what came of a referral is written by the house itself."""
        if not self.env.su and any(line.interaction_id.state == 'closed' for line in self):
            raise UserError(self.env._("This contact is closed and stays as it is. Please record a new one."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_changeable()
        if not self.env.su and any(line.referral_id for line in self):
            raise UserError(self.env._("This question was referred: it stays until it is answered."))

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_refer(self):
        """Refer the question to the social-research officer, in one click; he answers and the file goes on (R56)."""
        self._do('refer')
        for line in self:
            contact = line.interaction_id
            # the actor and the blockers were asked just above; nobody else links them
            line.sudo().referral_id = self.env['amlaj.referral']._open_for(contact, line.question)
        return True

    def action_refer_to_body(self):
        """Open the form by which the question goes to a partner body: what is shared is seen and agreed to first."""
        self.ensure_one()
        self._check_actor('refer')
        self._check_blockers('refer')
        return {
            **self.env['ir.actions.act_window']._for_xml_id('amlaj_beneficiary.amlaj_referral_make_action'),
            'context': {'default_line_id': self.id, 'default_question': self.question},
        }

    def action_send_answer(self):
        """Send the person the page of this line's ready answer, in one click; see ``amlaj.interaction``."""
        self.ensure_one()
        return self.interaction_id.action_send_answer(self.faq_id.id)

    def _actors(self):
        return super()._actors() | {'refer': Actors(DESK)}

    def _file(self):
        return self.interaction_id.beneficiary_id

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        for line in self.sudo() if action == 'refer' else ():  # the actor is checked apart
            if line.interaction_id.state == 'closed':
                blockers[line.id].append(Blocker('state', self.env._("This contact is closed already.")))
            if line.state != 'open':
                blockers[line.id].append(Blocker('state', self.env._("This question was answered or referred already.")))
        return blockers
