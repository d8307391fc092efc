"""P8: a session decides many requests in one step, with the whole trail; the peer is Odoo's own tracked `write()`.

Our step checks who, when, quorum, recusals and majority, writes five votes, the decision with its reason, the frozen file with
its hash, and marks each request. The peer writes the stage of as many leads of Odoo's CRM in one call: one field, with the
note that tracking makes of it, and once more without the note.
"""

import json

ID, TITLE = 'P8', "decisions of a session, against Odoo's tracked write()"
ROUNDS, REQUESTS = 3, 1000
SCRIPT = """
import json, time
from statistics import median

ROUNDS, REQUESTS = %(rounds)d, %(requests)d
env = env(context=dict(env.context, tracking_disable=False, mail_notrack=False))
quiet = env(context=dict(env.context, tracking_disable=True, no_reset_password=True))


def timed(act):
    env.flush_all(); env.invalidate_all()
    queries, started = env.cr.sql_log_count, time.perf_counter()
    act()
    env.cr.flush()  # what is done before the commit is a part of it: the notes of tracking are made there
    return time.perf_counter() - started, env.cr.sql_log_count - queries


def user(login):
    return quiet['res.users'].create({'name': login, 'login': login, 'group_ids': [(6, 0, [
        env.ref('base.group_user').id, env.ref('amlaj_beneficiary.group_committee').id])]})


committee = quiet['amlaj.committee'].create({'name': "Bench"})
roles = ['chair', 'deputy', 'member', 'member', 'member', 'secretary']
seats = quiet['amlaj.committee.member'].create([
    {'committee_id': committee.id, 'user_id': user(f'bench{rank}').id, 'role': role, 'date_from': '2020-01-01'}
    for rank, role in enumerate(roles)])
service = quiet['amlaj.service'].create({'name': "Bench", 'kind': 'in_kind'})
refusal = quiet['amlaj.reason'].search([('kind', '=', 'refusal')], limit=1)
files = quiet['amlaj.beneficiary'].create([
    {'name': f"Salem Ali Saad Family{rank}", 'birth_date': '1990-02-12'} for rank in range(REQUESTS)])
leads = quiet['crm.lead'].create([{'name': f"Lead {rank}", 'type': 'opportunity'} for rank in range(REQUESTS)])
stages = env['crm.stage'].search([], limit=2)


def decide():
    requests = quiet['amlaj.request'].create([
        {'beneficiary_id': file.id, 'service_id': service.id, 'description': "Rent"} for file in files])
    requests.write({'state': 'committee', 'raised_at': '2026-01-01', 'reply_not_before': '2026-01-15', 'reply_due': '2026-02-01'})
    session = env['amlaj.committee.session'].with_user(seats[-1].user_id).create({
        'committee_id': committee.id, 'present_ids': [(6, 0, seats[:-1].ids)], 'request_ids': [(6, 0, requests.ids)]})
    session.action_open()
    votes = [[seat.id, 'for'] for seat in seats[:-1]]
    cost = timed(lambda: session.action_decide(requests.ids, 'rejected', votes, reason_id=refusal.id))
    assert len(session.sudo().decision_ids.filtered('snapshot_hash').vote_ids) == 5 * REQUESTS
    session.action_close()
    return cost


def track(records, rank):
    return timed(lambda: records.write({'stage_id': stages[rank %% 2].id}))


decide()  # what is read once for the whole process is not what is timed
costs = {'decided': [], 'tracked': [], 'untracked': []}
for rank in range(ROUNDS):
    costs['decided'].append(decide())
    leads.write({'stage_id': stages[(rank + 1) %% 2].id}); env.flush_all()
    costs['tracked'].append(track(leads.with_env(env), rank))
    leads.write({'stage_id': stages[(rank + 1) %% 2].id}); env.flush_all()
    costs['untracked'].append(track(leads, rank))
env.cr.rollback()
print('>>> ' + json.dumps({name: {
    'per_second': REQUESTS / median(seconds for seconds, _queries in rounds),
    'queries': rounds[-1][1]} for name, rounds in costs.items()}))
"""


def measure(odoo, name):
    """Rates (records a second) and queries of our step and of its peers."""
    [answer] = odoo.script(name, SCRIPT % {'rounds': ROUNDS, 'requests': REQUESTS}, 'bench-decide')
    return json.loads(answer)


def told(result):
    ours, tracked, untracked = (result[name]['per_second'] for name in ('decided', 'tracked', 'untracked'))
    yield f"{ours / tracked:.1f} times Odoo's tracked write() (goal 9), {ours / untracked:.2f} times its untracked one"
    yield f"{result['decided']['queries']} queries for {REQUESTS} decisions"
