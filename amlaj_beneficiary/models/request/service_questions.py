from typing import NamedTuple

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)


class Question(NamedTuple):
    """A question of a shipped service: technical name, property type, text and, for a choice, its options."""
    name: str
    type: str
    text: object
    options: list = ()


# By the name of the service's xmlid. Odoo's properties have one text for all languages, so it is translated once,
# when the catalogue is loaded. (Options are lists: of a tuple, the extraction of terms would take every string.)
QUESTIONS = {
    'service_food_basket': [
        Question('members_at_home', 'integer', _lt("How many persons eat at home?")),
        Question('infants', 'integer', _lt("How many infants need baby milk?")),
        Question('can_store', 'boolean', _lt("Is there a working refrigerator?")),
    ],
    'service_ramadan_basket': [
        Question('members_at_home', 'integer', _lt("How many persons eat at home?")),
        Question('delivery_wanted', 'boolean', _lt("Should it be brought to the home?")),
    ],
    'service_iftar': [
        Question('meals', 'integer', _lt("How many meals a day?")),
        Question('place', 'char', _lt("Where are they eaten?")),
        Question('first_day', 'date', _lt("From which day?")),
    ],
    'service_zakat_alfitr': [
        Question('members_at_home', 'integer', _lt("How many persons live at home?")),
    ],
    'service_sacrifice_meat': [
        Question('members_at_home', 'integer', _lt("How many persons eat at home?")),
        Question('can_store', 'boolean', _lt("Is there a working refrigerator?")),
    ],
    'service_eid_clothing': [
        Question('children', 'integer', _lt("How many children under 18?")),
    ],
    'service_winter_clothing': [
        Question('blankets', 'integer', _lt("How many blankets are needed?")),
        Question('heater', 'boolean', _lt("Is a heater needed?")),
    ],
    'service_school_bag': [
        Question('pupils_primary', 'integer', _lt("How many in primary school?")),
        Question('pupils_upper', 'integer', _lt("How many in middle and secondary school?")),
    ],
    'service_rent': [
        Question('yearly_rent', 'float', _lt("How much is the yearly rent?")),
        Question('months_due', 'integer', _lt("For how many months is rent due?")),
        Question('due_date', 'date', _lt("When is the next payment due?")),
    ],
    'service_bills': [
        Question('bill_kind', 'selection', _lt("Which bill?"), [
            ['electricity', _lt("Electricity")],
            ['water', _lt("Water")],
            ['both', _lt("Both of them")],
        ]),
        Question('account_number', 'char', _lt("Account number on the bill")),
        Question('service_stopped', 'boolean', _lt("Has the supply been cut?")),
    ],
    'service_home_repair': [
        Question('what_to_repair', 'text', _lt("What needs repair?")),
        Question('danger', 'boolean', _lt("Is there a danger to those who live there?")),
        Question('rooms', 'integer', _lt("How many rooms does it concern?")),
    ],
    'service_furnishing': [
        Question('rooms', 'integer', _lt("How many rooms are to be furnished?")),
        Question('items', 'text', _lt("What is needed most?")),
    ],
    'service_appliances': [
        Question('appliance', 'selection', _lt("Which appliance?"), [
            ['refrigerator', _lt("Refrigerator")],
            ['washer', _lt("Washing machine")],
            ['cooker', _lt("Cooker")],
            ['air_conditioner', _lt("Air conditioner")],
            ['heater', _lt("Water heater")],
            ['other', _lt("Other")],
        ]),
        Question('old_one', 'boolean', _lt("Is there an old one to take away?")),
        Question('floor', 'integer', _lt("On which floor is the home?")),
    ],
    'service_medical_aid': [
        Question('treating_body', 'char', _lt("Who gives the treatment?")),
        Question('appointment', 'date', _lt("When is the appointment?")),
        Question('transport', 'boolean', _lt("Is transport needed as well?")),
    ],
    'service_medical_devices': [
        Question('device', 'char', _lt("Which device?")),
        Question('loan', 'boolean', _lt("Would a loan for some time do?")),
    ],
    'service_education': [
        Question('stage', 'selection', _lt("Stage of education"), [
            ['primary', _lt("Primary")],
            ['middle', _lt("Middle")],
            ['secondary', _lt("Secondary")],
            ['college', _lt("College or university")],
        ]),
        Question('what_needed', 'selection', _lt("What is needed?"), [
            ['fees', _lt("Fees")],
            ['supplies', _lt("Supplies")],
            ['computer', _lt("Computer")],
        ]),
    ],
    'service_training': [
        Question('field', 'char', _lt("In which field?")),
        Question('attendance', 'selection', _lt("How do you prefer to attend?"), [
            ['in_person', _lt("In person")],
            ['online', _lt("Online")],
            ['either', _lt("Either")],
        ]),
    ],
    'service_orphan_sponsorship': [
        Question('lives_with', 'char', _lt("With whom does the child live?")),
        Question('school_stage', 'char', _lt("Class at school")),
    ],
    'service_family_sponsorship': [
        Question('earners', 'integer', _lt("How many in the family earn an income?")),
        Question('plan', 'text', _lt("What would help the family to do without support?")),
    ],
    'service_emergency_aid': [
        Question('event_date', 'date', _lt("When did it happen?")),
        Question('event', 'selection', _lt("What happened?"), [
            ['fire', _lt("Fire")],
            ['flood', _lt("Flood")],
            ['collapse', _lt("Collapse")],
            ['other', _lt("Other")],
        ]),
        Question('shelter', 'boolean', _lt("Do you need a place to stay?")),
    ],
    'service_purchase_card': [
        Question('use', 'selection', _lt("What is it mostly for?"), [
            ['food', _lt("Food")],
            ['clothing', _lt("Clothing")],
            ['school', _lt("School supplies")],
        ]),
    ],
    'service_seedlings': [
        Question('seedling_count', 'integer', _lt("How many seedlings?")),
        Question('water_source', 'selection', _lt("How will they be watered?"), [
            ['network', _lt("Water network")],
            ['well', _lt("Well")],
            ['tanker', _lt("Tanker")],
            ['treated', _lt("Treated water")],
        ]),
        Question('planting_date', 'date', _lt("When will they be planted?")),
    ],
    'service_site_planting': [
        Question('area', 'float', _lt("Area in square metres")),
        Question('water_source', 'selection', _lt("How will it be watered?"), [
            ['network', _lt("Water network")],
            ['well', _lt("Well")],
            ['tanker', _lt("Tanker")],
            ['treated', _lt("Treated water")],
        ]),
        Question('participants', 'integer', _lt("How many people will take part?")),
    ],
    'service_awareness_workshop': [
        Question('topic', 'selection', _lt("Which topic?"), [
            ['trees', _lt("Trees and planting")],
            ['sea', _lt("Marine environment")],
            ['waste', _lt("Waste and sorting")],
            ['water', _lt("Saving water")],
        ]),
        Question('audience', 'integer', _lt("How many will attend?")),
        Question('wished_date', 'date', _lt("Which date suits you?")),
    ],
    'service_land_cleanup': [
        Question('place', 'char', _lt("Where is the place?")),
        Question('area', 'float', _lt("Area in square metres, roughly")),
        Question('volunteers', 'integer', _lt("How many will take part from your side?")),
        Question('wished_date', 'date', _lt("Which date suits you?")),
    ],
    'service_sea_cleanup': [
        Question('place', 'char', _lt("Which beach or island?")),
        Question('boat', 'boolean', _lt("Can you offer a boat?")),
        Question('nets', 'boolean', _lt("Are there lost nets?")),
    ],
    'service_environmental_advice': [
        Question('question', 'text', _lt("What would you like to know?")),
        Question('visit', 'boolean', _lt("Is a visit to the site needed?")),
    ],
    'service_farming_advice': [
        Question('crop', 'char', _lt("Which trees or crops?")),
        Question('problem', 'text', _lt("What did you notice?")),
        Question('visit', 'boolean', _lt("Is a visit to the farm needed?")),
    ],
    'service_tools': [
        Question('tools_needed', 'text', _lt("Which tools, and how many?")),
        Question('loan', 'boolean', _lt("Would a loan for some time do?")),
    ],
    'service_sorting_bins': [
        Question('bins', 'integer', _lt("How many bins?")),
        Question('users', 'integer', _lt("How many people use the place?")),
        Question('emptied_by', 'char', _lt("Who will empty them?")),
    ],
    'service_green_training': [
        Question('course', 'selection', _lt("Which course?"), [
            ['nursery', _lt("Nursery and seedlings")],
            ['irrigation', _lt("Irrigation")],
            ['diving', _lt("Diving for clean-ups")],
            ['guiding', _lt("Guiding visitors")],
        ]),
        Question('experience', 'text', _lt("What have you done in this field?")),
    ],
    'service_school_partnership': [
        Question('pupils', 'integer', _lt("How many pupils will take part?")),
        Question('school_stage', 'selection', _lt("Stage of education"), [
            ['kindergarten', _lt("Kindergarten")],
            ['primary', _lt("Primary")],
            ['middle', _lt("Middle")],
            ['secondary', _lt("Secondary")],
        ]),
        Question('first_day', 'date', _lt("When should it begin?")),
    ],
}


def _translated(text, env):
    """A shipped text, marked by ``_lt`` above, in the language of ``env``."""
    return text._translate(env.lang or 'en_US')


def get_questions(service, env):
    """Return the property definitions of the shipped ``service`` (name of its xmlid) in the language of ``env``."""
    definition = []
    for question in QUESTIONS.get(service, []):
        vals = {'name': question.name, 'type': question.type, 'string': _translated(question.text, env)}
        if question.options:
            vals['selection'] = [[value, _translated(label, env)] for value, label in question.options]
        definition.append(vals)
    return definition
