{
    'name': "Beneficiary Relations",
    'summary': "Requests, committee decisions and delivery for an association's beneficiaries",
    'version': '19.0.1.0.0',
    'category': 'Services/Beneficiaries',
    'author': "Amlaj Green Association",
    'license': 'LGPL-3',
    # Every room of the addon stands on one of these; see README, "How the house is laid out".
    'depends': [
        'calendar',
        'event',
        'hr',
        'portal',
        'sms',
        'survey',
        'website_crm',
    ],
    'external_dependencies': {
        'python': ['hijridate', 'num2words', 'phonenumbers', 'python-stdnum', 'weasyprint'],
    },
    'data': [
        # groups first: everything below names them
        'security/registry/groups.xml',
        'security/registry/ir.model.access.csv',
        'security/registry/registry_security.xml',
        'security/governance/ir.model.access.csv',
        'security/intake/ir.model.access.csv',
        'security/intake/intake_security.xml',
        'data/registry/ir_sequence.xml',
        'data/intake/amlaj_channel.xml',
        'report/registry/paper_layout.xml',
        'views/registry/res_config_settings_views.xml',
        'views/registry/verify_templates.xml',
    ],
    'demo': [
    ],
    'assets': {
        'web.assets_backend': [
            'amlaj_beneficiary/static/src/report/**/*',
        ],
    },
    'application': True,
}
