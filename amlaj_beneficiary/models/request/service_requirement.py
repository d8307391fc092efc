from odoo import api, fields, models


class AmlajServiceRequirement(models.Model):
    """One paper that one service asks for, from everyone or from some categories (R18, R53).

    Every role of the app reads it; managers edit it. A portal user reads the lines of published services, but not for
    whom a line holds: a category may be sensitive.
    """
    _name = 'amlaj.service.requirement'
    _description = "Paper required by a service"
    _inherit = ['amlaj.catalogue.mixin']
    _order = 'service_id, sequence, id'
    _rec_name = 'document_type_id'

    _keeps_shipped = False  # the association decides which papers a service asks for
    _portal_fields = frozenset(['service_id', 'document_type_id', 'is_required', 'note', 'sequence'])

    service_id = fields.Many2one('amlaj.service', required=True, index=True, ondelete='cascade')
    document_type_id = fields.Many2one(
        'amlaj.document.type', "Paper", required=True, index=True, ondelete='restrict')
    category_ids = fields.Many2many(
        'amlaj.beneficiary.category', 'amlaj_service_requirement_category_rel', string="Only For",
        help="Only beneficiaries of these categories bring this paper. Empty: everyone.")
    is_required = fields.Boolean("Required", default=True, help="Not required: welcome, but nothing waits for it.")
    note = fields.Char(translate=True, help="What is special for this service, in plain words.")
    is_published = fields.Boolean(compute='_compute_is_published', store=True)
    sequence = fields.Integer(default=10)

    _service_paper_uniq = models.Constraint(
        'UNIQUE(service_id, document_type_id)',
        "This service already asks for that paper. Please change the existing line.")

    @api.depends('service_id.is_published', 'service_id.active', 'service_id.beneficiary_scope')
    def _compute_is_published(self):
        """Stored, so that the portal's rules go through one relation only."""
        for line in self:
            service = line.service_id
            line.is_published = service.is_published and service.active and service.beneficiary_scope != 'internal'
