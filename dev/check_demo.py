"""The demonstration shows every state, and everybody of it can log in and has a first screen."""

import demo

# Printed lines that begin with ">>> " are what is wrong.
SCRIPT = """
def missing(model, field, wanted=None):
    states = wanted or [key for key, _label in env[model]._fields[field]._description_selection(env)]
    found = {value for value, in env[model]._read_group([], [field])}
    for state in states:
        if state not in found:
            print(f">>> the demo data has no {model} that is {state}")

missing('amlaj.beneficiary', 'state')
missing('amlaj.beneficiary', 'kind')
missing('amlaj.beneficiary', 'scope')
missing('amlaj.change.request', 'state')
missing('amlaj.request', 'state')
missing('amlaj.request', 'origin', ['applicant', 'staff'])
missing('amlaj.request.document', 'state')
missing('amlaj.delivery', 'state')
missing('amlaj.message', 'state', ['ready', 'sent'])
missing('amlaj.committee.session', 'state')
missing('amlaj.decision', 'result', ['approved', 'partial', 'rejected', 'deferred', False])
missing('amlaj.ticket', 'state', ['new'])
for words, domain in {
    "is late": [('is_late', '=', True)],
    "is urgent": [('priority', '=', '1')],
    "is kept aside": [('is_aside', '=', True)],
    "was reminded": [('reminders_sent', '>', 0)],
    "is decided and not replied": [('is_awaiting_reply', '=', True)],
    "may be replied today": [('is_awaiting_reply', '=', True), ('reply_not_before', '<=', 'today')],
    "waits for the chair": [('decision_id.needs_confirmation', '=', True), ('decision_id.confirmed_at', '=', False)],
    "has a paper known from before": [('document_ids.reused_from_id', '!=', False)],
}.items():
    if not env['amlaj.request'].search_count(domain):
        print(f">>> the demo data has no request that {words}")
if not env['amlaj.beneficiary'].search_count([('iban_state', '=', 'to_confirm')]):
    print(">>> the demo data has no IBAN to confirm")

for login in %r:
    credential = {'login': login, 'password': login, 'type': 'password'}
    try:
        user = env(user=env['res.users'].authenticate(credential, {'interactive': False})['uid']).user
        if user.lang != 'ar_001':
            print(f">>> {login} does not read Arabic")
        if user._is_internal():
            env['amlaj.home'].with_user(user).get_home()
    except Exception as error:
        print(f">>> {login}: {error!r}")
# here with Odoo's own passwords: its tests replace them
for number in ('1000000008', '0500000999'):
    try:
        env['res.users'].authenticate({'login': number, 'password': number, 'type': 'password'}, {'interactive': False})
        print(f">>> {number}, a number of nobody, got in")
    except Exception as error:
        if type(error).__name__ != 'AccessDenied':
            print(f">>> a number of nobody is answered with {error!r}")
env.cr.rollback()
"""


def problems(odoo, name):
    """What is wrong with the demo data of the database `name`."""
    return odoo.script(name, SCRIPT % (list(demo.LOGINS),), 'check-demo')
