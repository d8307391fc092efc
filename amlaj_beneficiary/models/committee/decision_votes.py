from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..registry.guarded import Blocker
from .decision import PROPOSALS


class AmlajDecision(models.Model):
    """Quorum, recusals, votes and the majority on one file (R60, policy on relatives)."""
    _inherit = 'amlaj.decision'

    # ------------------------------------------------------------
    # Guards
    # ------------------------------------------------------------

    def _undecided_blockers(self, decisions_sudo):
        found = {}
        for decision in decisions_sudo:
            found[decision.id] = mine = []
            if decision.session_id.state != 'open':
                mine.append(Blocker('state', self.env._("The session is not open.")))
            if decision.result:
                mine.append(Blocker('state', self.env._(
                    "Request %(number)s is decided already.", number=decision.request_id.name)))
            elif decision.request_id.state != 'committee':
                mine.append(Blocker('state', self.env._(
                    "Request %(number)s is no longer with the committee.", number=decision.request_id.name)))
        return found

    def _decide_blockers(self, decisions_sudo):
        found = self._undecided_blockers(decisions_sudo)
        for decision in decisions_sudo:
            number, present = decision.request_id.name, len(decision._eligible())
            if present < decision.session_id.quorum:
                found[decision.id].append(Blocker('quorum', self.env._(
                    "Request %(number)s: no quorum. %(present)s voting members are present and not recused; "
                    "%(needed)s are needed.", number=number, present=present, needed=decision.session_id.quorum)))
            if self.env.user in decision.recusal_ids.member_id.user_id:
                found[decision.id].append(Blocker('recused', self.env._(
                    "Request %(number)s: you stood back from it, so another of the committee's leads records it.",
                    number=number)))
        return found

    def _vote_blockers(self, decisions_sudo):
        found = self._undecided_blockers(decisions_sudo)
        for decision in decisions_sudo:
            mine, number = found[decision.id], decision.request_id.name
            seat = decision._my_seats()
            if not seat.is_voting:
                mine.append(Blocker('no_vote', self.env._(
                    "The secretary of this committee keeps the record and has no vote.")))
            elif seat not in decision.session_id._voters():
                mine.append(Blocker('absent', self.env._("You are not among those present in this session.")))
            if seat in decision.recusal_ids.member_id:
                mine.append(Blocker('recused', self.env._(
                    "Request %(number)s: you stood back from it.", number=number)))
        return found

    def _recuse_blockers(self, decisions_sudo):
        found = {}
        for decision in decisions_sudo:
            found[decision.id] = mine = []
            if decision.session_id.state not in ('planned', 'open'):
                mine.append(Blocker('state', self.env._("The session is closed: nothing in it changes any more.")))
            elif decision.result:
                mine.append(Blocker('state', self.env._(
                    "Request %(number)s is decided already.", number=decision.request_id.name)))
        return found

    # ------------------------------------------------------------
    # Who may vote
    # ------------------------------------------------------------

    def _eligible(self):
        """The members who vote on this file: voting, present, not recused."""
        self.ensure_one()
        decision_sudo = self.sudo()
        return decision_sudo.session_id._voters() - decision_sudo.recusal_ids.member_id

    def _force_recusals(self):
        """Recuse whoever the rules exclude: who entered or verified the request, has a declared relation, holds a
        mandate for the file, or voted on the decision that an objection is about. A family name recuses nobody."""
        decisions_sudo = self.sudo().filtered(lambda decision: decision.session_id and not decision.result)
        members = decisions_sudo.committee_id._current_members()
        users, files = members.user_id, decisions_sudo.request_id.beneficiary_id
        related = {(row.user_id, row.beneficiary_id) for row in decisions_sudo.env['amlaj.relation'].search(
            self.env['amlaj.relation']._recusing_domain() & Domain(
                'user_id', 'in', users.ids) & Domain('beneficiary_id', 'in', files.ids))}
        held = {(row.user_id, row.beneficiary_id) for row in decisions_sudo.env['amlaj.mandate'].search(
            self.env['amlaj.mandate']._valid_domain() & Domain(
                'user_id', 'in', users.ids) & Domain('beneficiary_id', 'in', files.ids))}
        for decision in decisions_sudo:
            request, file = decision.request_id, decision.request_id.beneficiary_id
            voted = decision._earlier_deciders()
            for member in members.filtered(lambda m, d=decision: m.committee_id == d.committee_id):
                user = member.user_id
                cause = (
                    'relation' if (user, file) in related else 'mandate' if (user, file) in held
                    else False if not member.is_voting
                    else 'entered' if user == request.entered_by_id else 'verified' if user == request.verified_by_id
                    else 'voted' if user in voted else False)
                if cause:
                    decision._recuse(member, cause)

    def _earlier_deciders(self):
        """Who took part in the decisions that an objection is about (superuser)."""
        if self.kind != 'objection':
            return self.env['res.users']
        return self.request_id.decision_ids.filtered('replied_at')._took_part()

    def _took_part(self):
        """Who voted on these decisions, confirmed them, or made them as the manager of a department (superuser)."""
        by_department = self.filtered(lambda item: not item.session_id)
        return self.vote_ids.member_id.user_id | self.confirmed_by_id | by_department.decided_by_id

    def _recuse(self, members, cause, note=False):
        """Recuse each item's member of ``members``; a vote he gave on it is taken out (the step was checked)."""
        Recusal_sudo = self.env['amlaj.recusal'].sudo()
        for decision_sudo in self.sudo():
            mine = members.sudo().filtered(lambda member, d=decision_sudo: member.committee_id == d.committee_id)
            for member in mine - decision_sudo.recusal_ids.member_id:
                Recusal_sudo.create({
                    'decision_id': decision_sudo.id, 'member_id': member.id, 'cause': cause, 'note': note,
                    'is_forced': cause != 'own'})
            decision_sudo.vote_ids.filtered(lambda vote, m=mine: vote.member_id in m).unlink()

    def _remember_relation(self, relation):
        """Declare the current user's relation to the files of these items."""
        Relation = self.env['amlaj.relation']
        vals = {'kind': relation.get('kind') or 'kin', 'degree': relation.get('degree') or 1}
        files_sudo = self.sudo().request_id.beneficiary_id  # he names the file by its agenda item
        known = Relation.search([
            ('user_id', '=', self.env.uid), ('kind', '=', vals['kind']), ('beneficiary_id', 'in', files_sudo.ids)])
        known.write({**vals, 'until': False})
        Relation.sudo().create([  # his own relation, to a file of his agenda
            {**vals, 'user_id': self.env.uid, 'beneficiary_id': file.id}
            for file in files_sudo if file not in known.sudo().beneficiary_id])

    # ------------------------------------------------------------
    # Votes
    # ------------------------------------------------------------

    def _touch(self):
        """Take the items' rows, waiting for whoever has them.

        Two members who vote at the same moment, or a vote beside a decision, then come one after the other: the
        database refuses the later one's outdated view and Odoo plays that request again.
        """
        self.sudo().write({'last_vote_at': fields.Datetime.now()})
        self.flush_recordset(['last_vote_at'])

    def _cast(self, seats, vote):
        """Write the current user's own vote on what is proposed for each item (the step was checked)."""
        fresh = []
        for decision_sudo in self.sudo():
            member = seats.filtered(lambda seat, d=decision_sudo: seat.committee_id == d.committee_id)[:1]
            vals = {'vote': vote, 'question': decision_sudo.proposed_result, 'cast_by_id': self.env.uid,
                    'confirmed_at': fields.Datetime.now()}
            known = decision_sudo.vote_ids.filtered(lambda row, m=member: row.member_id == m)
            if known:
                known.write(vals)
            else:
                fresh.append({**vals, 'decision_id': decision_sudo.id, 'member_id': member.id})
        self.env['amlaj.vote'].sudo().create(fresh)

    def _record_votes(self, votes, result):
        """Write the votes that the session's lead records (the step was checked).

        :raise UserError: for a vote of somebody who is foreign, absent or recused, or against what he voted himself.
        """
        wanted = self._read_votes(votes)
        fresh, now = [], fields.Datetime.now()
        self.sudo()._check_voters(self.env['amlaj.committee.member'].sudo().union(*wanted))
        for decision_sudo in self.sudo():
            known = {row.member_id: row for row in decision_sudo.vote_ids}
            for member, vote in wanted.items():
                row = known.get(member)
                if row and row.is_own and row._counts_as(result):
                    if row._counts_as(result) != vote:
                        raise UserError(self.env._(
                            "Request %(number)s: %(name)s has voted already, and otherwise.",
                            number=decision_sudo.request_id.name, name=member.user_id.name))
                    continue
                if row and row.is_own and result != 'deferred':
                    raise UserError(self.env._(
                        "Request %(number)s: %(name)s voted on another proposal. Propose this result first, so that he "
                        "votes on it.", number=decision_sudo.request_id.name, name=member.user_id.name))
                vals = {'vote': vote, 'question': result, 'cast_by_id': self.env.uid,
                        'confirmed_at': now if member.user_id == self.env.user else False}
                if row:
                    row.write(vals)
                else:
                    fresh.append({**vals, 'decision_id': decision_sudo.id, 'member_id': member.id})
        self.env['amlaj.vote'].sudo().create(fresh)

    def _read_votes(self, votes):
        """``{member: vote}`` of what was sent.

        :raise UserError: for an unknown vote or member, or two votes of one.
        """
        wanted = {}
        Member_sudo = self.env['amlaj.committee.member'].sudo()  # seats are no secret to who records their votes
        for member_id, vote in self.env['amlaj.committee.session']._given_votes(votes):
            member = Member_sudo._picked('amlaj.committee.member', member_id)
            if not member or wanted.get(member, vote) != vote:
                raise UserError(self.env._("A recorded vote names no member, or one member twice."))
            wanted[member] = vote
        return wanted

    def _check_voters(self, members):
        """:raise UserError: when one of ``members`` has no vote on one of these items (superuser)."""
        for session, items in self.grouped('session_id').items():
            current, voters = session.committee_id._current_members(), session._voters()
            for member in members:
                if member not in current:
                    raise UserError(self.env._("%(name)s is no member of this committee.", name=member.user_id.name))
                if not member.is_voting:
                    raise UserError(self.env._("%(name)s keeps the record and has no vote.", name=member.user_id.name))
                if member not in voters:
                    raise UserError(self.env._("%(name)s is not present in this session.", name=member.user_id.name))
            for recusal in items.recusal_ids.filtered(lambda row: row.member_id in members):
                raise UserError(self.env._(
                    "Request %(number)s: %(name)s stood back from it.", number=recusal.decision_id.request_id.name,
                    name=recusal.member_id.user_id.name))

    def _check_majority(self, result):
        """:raise UserError: unless the result has more votes for it than against it; the chair's vote breaks a tie."""
        problems = []
        label = dict(self._fields['proposed_result']._description_selection(self.env))[result]
        for decision_sudo in self.sudo():
            eligible = decision_sudo._eligible()
            counted = {
                row.member_id: row._counts_as(result) for row in decision_sudo.vote_ids if row.member_id in eligible}
            votes = list(counted.values())
            ayes, noes = votes.count('for'), votes.count('against')
            values = {'number': decision_sudo.request_id.name, 'result': label, 'ayes': ayes, 'noes': noes}
            if not any(votes):
                problems.append(self.env._("Request %(number)s: nobody has voted on “%(result)s”.", **values))
            elif ayes == noes and ayes:
                if counted.get(decision_sudo._leading()) != 'for':
                    problems.append(self.env._(
                        "Request %(number)s: the votes are equal (%(ayes)s to %(noes)s) and the chair's vote is not "
                        "for “%(result)s”.", **values))
            elif ayes <= noes:
                problems.append(self.env._(
                    "Request %(number)s: no majority for “%(result)s” (%(ayes)s for, %(noes)s against).", **values))
        if problems:
            raise UserError("\n".join(problems))

    def _check_result(self, result):
        if result not in dict(PROPOSALS):
            raise UserError(self.env._("This result is not known."))
