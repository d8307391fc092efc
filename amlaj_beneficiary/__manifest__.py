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
        'security/request/ir.model.access.csv',
        'security/request/catalogue_security.xml',
        'data/registry/ir_sequence.xml',
        'data/registry/beneficiary_category.xml',
        'data/registry/locality.xml',
        'data/registry/reason.xml',
        'data/intake/amlaj_channel.xml',
        # the services come by choice: see models/request/service_catalogue.py
        'data/request/document_type.xml',
        'report/registry/paper_layout.xml',
        'views/registry/beneficiary_category_views.xml',
        'views/registry/locality_views.xml',
        'views/registry/reason_views.xml',
        'views/registry/res_config_settings_views.xml',
        'views/registry/verify_templates.xml',
        'views/request/document_type_views.xml',
        'views/request/res_config_settings_views.xml',
        'views/request/service_views.xml',
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
