from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.hijri import full_date
from .binary import check_binary

KINDS = [
    ('bylaw', "Basic bylaw"),
    ('research_guide', "Social-research services guide"),
    ('support_policy', "Support-policy guide"),
    ('request_form', "Beneficiary support request"),
    ('rights', "Rights and duties of the beneficiary"),
]


class AmlajGuide(models.Model):
    """A document that the desk works by: the four of the policy, and the rights and duties of the beneficiary, each in its
    version in force (R45-R48).

    Every role of the app reads them; managers write and approve them. The rights and duties are published: on the page
    ``/policies``, in the portal and on the back of the slip, and a declaration keeps which version was in force.
    """
    _name = 'amlaj.guide'
    _description = "Document of the desk"
    _inherit = ['amlaj.versioned']
    _order = 'kind, version desc, id'

    kind = fields.Selection(KINDS, required=True, default='rights')
    name = fields.Char(required=True, translate=True)
    text = fields.Text(translate=True, help="Line by line, as it is shown and printed.")
    link = fields.Char(help="Where the document stands, where it is not kept here.")
    file = fields.Binary(attachment=True, copy=False, groups='base.group_user')
    file_name = fields.Char(string="Name of the file", copy=False)

    _approved_fields = frozenset({'kind', 'name', 'text', 'link', 'file'})

    @api.model_create_multi
    def create(self, vals_list):
        """Make drafts; the code follows from the kind, and the version from what there is."""
        for vals in vals_list:
            kind = vals.get('kind') or 'rights'
            vals['code'] = vals.get('code') or kind
        guides = super().create(vals_list)
        check_binary(guides, 'file', 'file_name')
        return guides

    def write(self, vals):
        result = super().write(vals)
        if 'file' in vals:
            check_binary(self, 'file', 'file_name')
        return result

    @api.constrains('link')
    def _check_link(self):
        if any(guide.link and not guide.link.lower().startswith(('https://', 'http://')) for guide in self):
            raise ValidationError(self.env._("Please copy the whole link, beginning with https://."))

    @api.model
    def _in_force(self, kind):
        """The document of this kind that is in force, in superuser mode, or an empty record."""
        # whoever asks for it is let read it: the papers and pages show it
        return self.sudo().search([('kind', '=', kind), ('state', '=', 'approved')], limit=1)

    @api.model
    def _rights_version(self):
        """The version of the rights and duties in force, as a declaration keeps it; False where none is approved."""
        rights_sudo = self._in_force('rights')
        return f'{rights_sudo.version}' if rights_sudo else False

    @api.model
    def _public_page(self):
        """What the page ``/policies`` shows: the rights and duties, and the documents in force that have a link."""
        rights_sudo = self._in_force('rights')
        # what is approved and has a link is for everyone
        others_sudo = self.sudo().search([('state', '=', 'approved'), ('kind', '!=', 'rights'), ('link', '!=', False)])
        return {
            'rights': rights_sudo and {
                'name': rights_sudo.name, 'lines': rights_sudo._lines(), 'version': rights_sudo.version,
                'approved_on': self.env['amlaj.paper']._full_day(rights_sudo.approved_at)},
            'documents': [{'name': guide.name, 'link': guide.link, 'version': guide.version} for guide in others_sudo],
        }

    def _lines(self):
        """The text line by line, without empty ones."""
        return [line.strip() for line in (self.text or '').splitlines() if line.strip()]


class AmlajPaper(models.AbstractModel):
    """The rights and duties for the back of a slip, and days in both calendars for pages."""
    _inherit = 'amlaj.paper'

    @api.model
    def _full_day(self, value):
        """A day in both calendars and in the reader's language; '' for none."""
        day = self._day(value)
        return self._unbroken(full_date(day, (self.env.lang or 'en')[:2])) if day else ''

    @api.model
    def _get_values(self, report):
        return super()._get_values(report) | {'rights': self.env['amlaj.guide']._in_force('rights')}
