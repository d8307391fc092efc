from .. import common


class InteractionBuilders(common.AmlajBuilders):
    """Builders of contacts: at the desk, with questions."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.file = cls.make_file()
        cls.relations = cls.user['relations']
        cls.Interaction = cls.env['amlaj.interaction'].with_user(cls.relations)
        cls.phone = cls.env['amlaj.channel']._by_code('phone')

    @classmethod
    def make_contact(cls, *questions, user=None, **vals):
        """A contact as this user records it, with these open questions."""
        contact = cls.Interaction.with_user(user or cls.relations).create({'channel_id': cls.phone.id, **vals})
        contact.line_ids.create([{'interaction_id': contact.id, 'question': question} for question in questions])
        return contact

    @classmethod
    def make_faq(cls, code='test-answer', approved=True, **vals):
        faq = cls.env['amlaj.faq'].create({
            'code': code, 'question': "When do you open?", 'answer': "From eight to four.", **vals})
        if approved:
            faq.action_approve()
        return faq
