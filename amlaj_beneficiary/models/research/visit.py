from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ...tools.text import clean_line
from ..registry.guarded import GROUP, Actors, AddedFields, Blocker

VISITORS = ('researcher', 'representative')
MOST_MINUTES = 12 * 60
LONGEST_REASON = 200
PLANNED = ('beneficiary_id', 'request_id', 'user_id', 'planned_at', 'minutes')


class AmlajVisit(models.Model):
    """A visit to a beneficiary's home by a researcher or a representative: planned, done, or failed with its reason
    (R16, R21, R56).

    The desk, managers and the visitors themselves plan visits; a visitor sees his own alone, the desk, managers and the
    auditor see whose and when. What was seen there is in ``amlaj.visit.report`` and ``amlaj.visit.photo``, which open with
    the case study. The visitor's calendar is only blocked: «appointment», private, nobody invited, nothing of whom it is about.
    """
    _name = 'amlaj.visit'
    _description = "Visit"
    _inherit = ['amlaj.guarded']
    _order = 'planned_at desc, id desc'
    _log_name = 'file_number'

    beneficiary_id = fields.Many2one('amlaj.beneficiary', required=True, index=True, ondelete='restrict')
    file_number = fields.Char(related='beneficiary_id.file_number')
    locality_id = fields.Many2one(related='beneficiary_id.locality_id')
    request_id = fields.Many2one('amlaj.request', index='btree_not_null', ondelete='restrict')
    study_id = fields.Many2one(
        'amlaj.case.study', string="Case study", copy=False, index='btree_not_null', ondelete='restrict')
    user_id = fields.Many2one(
        'res.users', string="Visited by", required=True, ondelete='restrict', default=lambda self: self._default_visitor())
    planned_at = fields.Datetime(string="Planned for", required=True)
    minutes = fields.Integer(string="Length (minutes)", default=60)
    state = fields.Selection([
        ('planned', "Planned"),
        ('done', "Done"),
        ('failed', "Could not be made"),
    ], required=True, default='planned', copy=False)
    fail_reason = fields.Char(string="Why it failed", copy=False)
    done_at = fields.Datetime(string="Visited on", copy=False)
    received_at = fields.Datetime(string="Arrived on", copy=False)
    is_late = fields.Boolean(string="Arrived late", copy=False, help="What the phone sent arrived after the day of the visit.")
    submission_key = fields.Char(copy=False)
    event_id = fields.Many2one('calendar.event', copy=False, index='btree_not_null', ondelete='set null')

    _sent_once = models.UniqueIndex(
        '(user_id, submission_key) WHERE submission_key IS NOT NULL', "This visit was received already.")
    _by_day = models.Index('(planned_at DESC, id DESC)')
    _of_visitor = models.Index("(user_id, planned_at) WHERE state = 'planned'")

    _guarded_fields = frozenset({
        'study_id', 'state', 'fail_reason', 'done_at', 'received_at', 'is_late', 'submission_key', 'event_id'})

    @api.model
    def _default_visitor(self):
        is_visitor = any(self.env.user.has_group(GROUP % role) for role in VISITORS)
        return self.env.user if is_visitor else self.env['res.users']

    @api.depends('file_number', 'planned_at')
    def _compute_display_name(self):
        for visit in self:
            day = visit.planned_at and self._local_day(visit.planned_at).strftime('%d/%m/%Y')
            visit.display_name = ' · '.join(filter(None, (visit.sudo().file_number, day)))

    @api.constrains('minutes')
    def _check_minutes(self):
        if any(not 0 < visit.minutes <= MOST_MINUTES for visit in self):
            raise ValidationError(self.env._("Please check the length of the visit."))

    @api.constrains('request_id', 'beneficiary_id')
    def _check_request(self):
        if any(visit.request_id and visit.request_id.beneficiary_id != visit.beneficiary_id for visit in self.sudo()):
            raise ValidationError(self.env._("The request belongs to another file."))

    @api.constrains('user_id', 'beneficiary_id')
    def _check_visitor(self):
        for visit in self.sudo():  # what a role and a wish are is asked for whoever plans
            if not any(visit.user_id.has_group(GROUP % role) for role in VISITORS):
                raise ValidationError(self.env._("A researcher or a representative visits."))
            if visit.beneficiary_id.prefers_female_researcher and visit.user_id.has_group(GROUP % 'researcher') and (
                    not visit.user_id.is_female_researcher):
                raise ValidationError(self.env._("A female researcher was asked for here."))
            if self.env['amlaj.mandate']._files_held(visit.beneficiary_id, visit.user_id):
                raise ValidationError(self.env._("Nobody visits for a file of his own."))

    # ------------------------------------------------------------
    # Planning
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            # before anything is told of a file: what is another's and what never was are answered alike
            self.check_access('create')
            ids = [vals['beneficiary_id'] for vals in vals_list if type(vals.get('beneficiary_id')) is int]
            files = self.env['amlaj.beneficiary'].browse(dict.fromkeys(ids))
            if files.exists()._filtered_access('read') != files:
                raise AccessError(self.env._("There is no such file, or it is not yours to work on."))
        visits = super().create(vals_list)
        visits.sudo()._block_calendar()  # the visitor's own calendar, whoever plans
        return visits

    def write(self, vals):
        if not self.env.su and any(visit.state != 'planned' for visit in self):
            raise UserError(self.env._("This visit is over: it stays as it is."))
        if not self.env.su and {'beneficiary_id', 'request_id'} & vals.keys():
            raise UserError(self.env._("A visit stays with its file. Please plan another one."))
        result = super().write(vals)
        if {'user_id', 'planned_at', 'minutes'} & vals.keys():
            self.sudo()._block_calendar()
        return result

    def _block_calendar(self):
        """Put each planned visit into its visitor's calendar, and nothing of whom it is about (superuser)."""
        quiet = {'no_mail_to_attendees': True, 'dont_notify': True, 'mail_create_nolog': True, 'mail_notrack': True}
        for visit in self:
            vals = {
                'start': visit.planned_at, 'stop': fields.Datetime.add(visit.planned_at, minutes=visit.minutes),
                'user_id': visit.user_id.id, 'partner_ids': [fields.Command.set(visit.user_id.partner_id.ids)]}
            if visit.event_id:
                visit.event_id.with_context(**quiet).write(vals)
            else:
                title = visit.with_context(lang=visit.user_id.lang).env._("Appointment")
                visit.event_id = visit.event_id.with_context(**quiet).create({
                    **vals, 'name': title, 'privacy': 'private', 'show_as': 'busy', 'description': False, 'location': False})

    # ------------------------------------------------------------
    # Steps
    # ------------------------------------------------------------

    def action_done(self, remarks=None):
        """Record that the visit was made.

        :param remarks: what was seen, in words; it opens with the case study alone
        """
        for visit in self:
            visit._finish({'state': 'done'})
            visit._report(remarks)
        return True

    def action_fail(self, reason):
        """Record that the visit could not be made.

        :param reason: why, in short
        """
        for visit in self:
            visit._finish({'state': 'failed', 'fail_reason': self._checked_reason(reason)})
        return True

    @api.model
    def _checked_reason(self, reason):
        """:raise UserError: without a reason"""
        reason = clean_line(self._given(reason))[:LONGEST_REASON]
        if not reason:
            raise UserError(self.env._("Please say why the visit was not possible."))
        return reason

    def _finish(self, vals):
        """Close a visit by its step; ``vals`` say how and, from a phone, when."""
        self.ensure_one()
        now = fields.Datetime.now()
        self._do('finish_visit', {'done_at': now, 'received_at': now, **vals, 'study_id': self._study_in_hand().id})
        if vals['state'] == 'failed':
            self.sudo().event_id.unlink()  # the hour is free again; the step was checked just above

    def _report(self, remarks):
        """Keep what was seen (superuser after the step was checked)."""
        if text := self._given(remarks):
            self.env['amlaj.visit.report'].sudo().create({'visit_id': self.id, 'remarks': text})

    def _study_in_hand(self):
        """The study in work that this visit serves, where it is in its visitor's hands (superuser)."""
        visit_sudo = self.sudo()
        studies_sudo = self.env['amlaj.case.study'].sudo().search([
            ('beneficiary_id', '=', visit_sudo.beneficiary_id.id), ('state', '=', 'draft'),
            ('user_id', '=', visit_sudo.user_id.id)])
        # the study of the visit's own request first
        return studies_sudo.sorted(lambda study: study.request_id != visit_sudo.request_id)[:1]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_by_the_house(self):
        if not self.env.su:
            raise UserError(self.env._("A visit stays; say why it was not possible."))

    def _actors(self):
        return super()._actors() | {'finish_visit': Actors(frozenset(VISITORS))}

    def _get_blockers(self, action):
        blockers = super()._get_blockers(action)
        if action == 'finish_visit':
            is_house = self.env.su
            for visit in self.sudo():  # the actor is checked apart
                if visit.state != 'planned':
                    blockers[visit.id].append(Blocker('state', self.env._("This visit is over: it stays as it is.")))
                elif not is_house and visit.user_id != self.env.user:
                    blockers[visit.id].append(Blocker('state', self.env._("A colleague visits here.")))
        return blockers


class AmlajVisitReport(models.Model):
    """What was seen on a visit, and where, if the person agreed; sensitive, it opens with the case study. The visitor reads
    his own. Nobody writes: the visit does."""
    _name = 'amlaj.visit.report'
    _description = "Report of a visit"
    _inherit = ['amlaj.guarded']
    _rec_name = 'visit_id'

    visit_id = fields.Many2one('amlaj.visit', required=True, ondelete='cascade')
    remarks = fields.Text()
    latitude = fields.Float(digits=(8, 5))
    longitude = fields.Float(digits=(8, 5))
    has_position = fields.Boolean(string="Position taken with consent")
    is_far = fields.Boolean(string="Outside the region", help="The position is not in the region; the visit counts all the same.")

    _once = models.UniqueIndex('(visit_id)', "This visit has its report already.")

    _guarded_fields = frozenset({'visit_id', 'remarks', 'latitude', 'longitude', 'has_position', 'is_far'})

    def _file(self):
        return self.visit_id.beneficiary_id

    def _in_words(self):
        """Day, visitor and what he saw (superuser)."""
        day = self._local_day(self.visit_id.done_at).strftime('%d/%m/%Y')
        return f"{day} · {self.visit_id.user_id.name}\n{self.remarks or ''}"


class AmlajVisitPhoto(models.Model):
    """A photo of goods or of a paper, taken on a visit; never of faces. Without place and camera data, sent once."""
    _name = 'amlaj.visit.photo'
    _description = "Photo of a visit"
    _inherit = ['amlaj.guarded']
    _order = 'visit_id, id'
    _rec_name = 'kind'

    visit_id = fields.Many2one('amlaj.visit', required=True, index=True, ondelete='cascade')
    user_id = fields.Many2one('res.users', string="By", required=True, ondelete='restrict')
    submission_key = fields.Char(required=True)
    kind = fields.Selection([('goods', "Goods or the home"), ('paper', "A paper")], required=True)
    image = fields.Binary(
        attachment=True, required=True, copy=False, string="Photo",
        groups='amlaj_beneficiary.group_researcher,amlaj_beneficiary.group_representative,amlaj_beneficiary.group_manager')

    _once = models.UniqueIndex('(user_id, submission_key)', "This photo was received already.")

    _guarded_fields = frozenset({'visit_id', 'user_id', 'submission_key', 'kind', 'image'})

    def _file(self):
        return self.visit_id.beneficiary_id


class AmlajCaseStudy(models.Model):
    """The visits of a study, for whoever opened it."""
    _inherit = 'amlaj.case.study'

    visit_ids = fields.One2many('amlaj.visit', 'study_id', string="Visits", copy=False)
    visit_report = fields.Text(string="What the visits found", compute='_compute_visits', compute_sudo=True)
    visit_photo_ids = fields.Many2many('amlaj.visit.photo', compute='_compute_visits', compute_sudo=True, string="Photos")

    _guarded_fields = AddedFields('visit_ids')

    @api.depends('visit_ids.state')
    def _compute_visits(self):
        reports = self.env['amlaj.visit.report'].search([('visit_id.study_id', 'in', self.ids)], order='visit_id')
        photos = self.env['amlaj.visit.photo'].search([('visit_id.study_id', 'in', self.ids)])
        for study in self:
            mine = reports.filtered(lambda report, s=study: report.visit_id.study_id == s)
            study.visit_report = '\n\n'.join(mine.mapped(lambda report: report._in_words())) if mine else False
            study.visit_photo_ids = photos.filtered(lambda photo, s=study: photo.visit_id.study_id == s)
