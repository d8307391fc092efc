"""P9: 64 people submit to one service at once; the peer is the same with a service for each.

Each is a portal user of his own, over HTTP, on a server with eight workers; all of them press the button at one moment.
"""

import concurrent.futures
import json
import re
import socket
import subprocess
import threading
import time
import urllib.request
from http.cookiejar import CookieJar
from statistics import median, quantiles

import say

ID, TITLE = 'P9', "64 people submit to one service at once"
# so many workers take 64 connections at once: Odoo's queue holds eight for each
ROUNDS, PEOPLE, WORKERS = 3, 64, 8
PATIENCE = 120
CONFLICTS = re.compile(r'could not serialize|concurrent update|deadlock|LockNotAvailable|retry', re.IGNORECASE)
SCRIPT = """
import json

PEOPLE, ROUNDS = %(people)d, %(rounds)d
quiet = env(context=dict(env.context, tracking_disable=True, no_reset_password=True))


def person(rank):
    login = f'bench_person{rank}'
    user = quiet['res.users'].search([('login', '=', login)]) or quiet['res.users'].create({
        'name': login, 'login': login, 'password': login, 'group_ids': [(6, 0, env.ref('base.group_portal').ids)]})
    file = user and quiet['amlaj.mandate'].search([('user_id', '=', user.id)]).beneficiary_id
    if not file:
        file = quiet['amlaj.beneficiary'].create({'name': f"Salem Ali Saad Person{rank}", 'birth_date': '1990-02-12'})
        quiet['amlaj.mandate'].create({
            'beneficiary_id': file.id, 'user_id': user.id, 'person_name': user.name, 'capacity': 'self', 'may_apply': True,
            'may_follow': True, 'verified_by_id': env.uid, 'verified_at': '2026-01-01'})
    return login, file


def draft(file, service):
    request = quiet['amlaj.request'].create({'beneficiary_id': file.id, 'service_id': service.id, 'description': "Rent"})
    request.action_sign('paper', name="Salem")
    return request.id


people = [person(rank) for rank in range(PEOPLE)]
services = quiet['amlaj.service'].create([
    {'name': f"Bench {rank}", 'kind': 'in_kind', 'is_published': True} for rank in range(PEOPLE + 1)])
rounds = [{
    'one': [draft(file, services[0]) for _login, file in people],
    'apart': [draft(file, services[rank + 1]) for rank, (_login, file) in enumerate(people)],
} for _round in range(ROUNDS)]
env.cr.commit()
print('>>> ' + json.dumps({'logins': [login for login, _file in people], 'rounds': rounds}))
"""


def measure(odoo, name):
    """Median and 99th percentile of the answers' seconds, and how often the database refused a transaction."""
    [answer] = odoo.script(name, SCRIPT % {'people': PEOPLE, 'rounds': ROUNDS}, 'bench-submit-data')
    plan = json.loads(answer)
    log = say.log_file('bench-submit-server')
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        port = probe.getsockname()[1]
    command = odoo.command('server', '-d', name, '--http-port', port, '--workers', WORKERS, '--max-cron-threads', 0)
    with log.open('w', encoding='utf-8') as out:
        server = subprocess.Popen([str(word) for word in command], stdout=out, stderr=subprocess.STDOUT, env=odoo.environ())
    try:
        people = [_Person(f'http://127.0.0.1:{port}', login, name) for login in plan['logins']]
        _wait(people[0])
        for person in people:
            person.enter()
        costs = {'one': [], 'apart': []}
        for requests in plan['rounds']:
            for kind in costs:
                costs[kind].append(_together(people, requests[kind]))
    finally:
        server.terminate()
        server.wait()
    text = log.read_text(encoding='utf-8', errors='replace')
    return {'refused': len(CONFLICTS.findall(text)), **{kind: {
        'p50': median(median(seconds) for seconds in rounds),
        'p99': median(quantiles(seconds, n=100)[-1] for seconds in rounds)} for kind, rounds in costs.items()}}


def told(result):
    one, apart = result['one'], result['apart']
    yield f"the slowest waits {one['p99'] / one['p50']:.1f} times the median (goal: at most 5)"
    yield f"the median is {one['p50'] / apart['p50']:.2f} times that of as many services"
    yield f"{result['refused']} transactions refused by the database (goal: 0)"


class _Person:
    """One person's browser."""

    def __init__(self, address, login, database):
        self.address, self.login, self.database = address, login, database
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def call(self, path, params):
        body = json.dumps({'jsonrpc': '2.0', 'method': 'call', 'params': params}).encode()
        request = urllib.request.Request(self.address + path, body, {'Content-Type': 'application/json'})
        with self.opener.open(request, timeout=PATIENCE) as answer:
            result = json.load(answer)
        if 'error' in result:
            raise say.Failed(f"{path}: {result['error']['data']['message']}")
        return result['result']

    def enter(self):
        self.call('/web/session/authenticate', {'db': self.database, 'login': self.login, 'password': self.login})

    def submit(self, request_id, barrier):
        barrier.wait()
        started = time.perf_counter()
        self.call('/web/dataset/call_kw', {
            'model': 'amlaj.request', 'method': 'action_submit', 'args': [[request_id]], 'kwargs': {}})
        return time.perf_counter() - started


def _wait(person):
    """Until the server answers."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with person.opener.open(person.address + '/web/health', timeout=5):
                return
        except OSError:
            time.sleep(0.5)
    raise say.Failed(f"the server does not answer on {person.address}: see {say.log_file('bench-submit-server')}")


def _together(people, request_ids):
    barrier = threading.Barrier(len(people))
    with concurrent.futures.ThreadPoolExecutor(len(people)) as pool:
        waits = [pool.submit(person.submit, request_id, barrier) for person, request_id in zip(people, request_ids, strict=True)]
        return [wait.result() for wait in waits]
