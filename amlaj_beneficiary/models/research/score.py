from odoo import api, fields, models
from odoo.exceptions import ValidationError

MOST_POINTS = 1000
# what a rule can look at; how each is found is said in ``amlaj.case.study._measures``
MEASURES = [
    ('per_capita', "Per-capita share (riyals)"),
    ('total_income', "Total income (riyals)"),
    ('persons', "Persons in the household"),
    ('children', "Children under 18"),
    ('elderly', "Persons of 60 and older"),
    ('ill', "Persons with a chronic illness"),
    ('disabled', "Persons with a disability"),
    ('jobless', "Persons looking for work"),
    ('rented', "Rented home (1 or 0)"),
    ('poor_housing', "Home in need of repair (1 or 0)"),
    ('debt', "Debts (riyals)"),
    ('category', "Has the category (1 or 0)"),
]


class AmlajScoreRule(models.Model):
    """One rule by which a case study's points are counted (R17; design rule 4): what is looked at, from where to where,
    and how many points it gives. The rules are the association's own, and managers keep them; researchers and members
    read them. Points inform: nothing is accepted or refused by them.
    """
    _name = 'amlaj.score.rule'
    _description = "Rule of need points"
    _order = 'sequence, id'

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    measure = fields.Selection(MEASURES, string="What is looked at", required=True)
    category_id = fields.Many2one('amlaj.beneficiary.category', ondelete='restrict')
    at_least = fields.Float(string="From", help="0: no lower limit.")
    has_most = fields.Boolean(string="Has an upper limit")
    at_most = fields.Float(string="Up to")
    points = fields.Integer(required=True)
    is_each = fields.Boolean(string="For each one", help="The points count once for each: five points for each child.")
    most_points = fields.Integer(string="At most in total", help="0: no limit.")

    _order_index = models.Index('(sequence, id)')

    @api.constrains('measure', 'category_id', 'at_least', 'at_most', 'has_most', 'points', 'most_points')
    def _check_rule(self):
        for rule in self:
            if rule.measure == 'category' and not rule.category_id:
                raise ValidationError(self.env._("Please choose the category that the rule looks for."))
            if rule.has_most and rule.at_least and rule.at_most < rule.at_least:
                raise ValidationError(self.env._("The upper limit is below the lower one."))
            if not 0 <= rule.points <= MOST_POINTS or not 0 <= rule.most_points <= MOST_POINTS:
                raise ValidationError(self.env._("Points are between 0 and %(most)s.", most=MOST_POINTS))

    def _points_for(self, value):
        """The points that this rule gives for ``value``, what it looks at."""
        self.ensure_one()
        if (self.at_least and value < self.at_least) or (self.has_most and value > self.at_most):
            return 0
        points = self.points * max(int(value), 0) if self.is_each else self.points
        return min(points, self.most_points) if self.most_points else points

    def _condition(self):
        """The rule's limits in words; '' where it has none."""
        self.ensure_one()
        least, most = (self.env['amlaj.paper']._show_number(value) for value in (self.at_least, self.at_most))
        if self.at_least and self.has_most:
            return self.env._("from %(least)s to %(most)s", least=least or '0', most=most or '0')
        if self.has_most:
            return self.env._("up to %(most)s", most=most or '0')
        return self.env._("from %(least)s", least=least) if self.at_least else ''


class AmlajScoreBand(models.Model):
    """A class of need («تصنيف الحالة»): from so many points on. Managers keep the classes; they order nothing and decide
    nothing (design rule 4)."""
    _name = 'amlaj.score.band'
    _description = "Class of need"
    _order = 'at_least desc, id'

    name = fields.Char(required=True, translate=True)
    at_least = fields.Integer(string="From points", required=True)
    note = fields.Char(string="What it means", translate=True)
    active = fields.Boolean(default=True)

    _once = models.UniqueIndex('(at_least) WHERE active', "Another class begins with these points.")

    @api.model
    def _name_for(self, score):
        """The name of the class that ``score`` falls into; False where there is none."""
        return self.search([('at_least', '<=', score)], limit=1).name or False
