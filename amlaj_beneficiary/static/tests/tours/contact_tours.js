import {registry} from "@web/core/registry";

const MOST_CLICKS = 8;
let clicks = 0;

function click(trigger) {
    return {
        trigger,
        run: async (helpers) => {
            clicks++;
            await helpers.click();
        },
    };
}

/** A stranger calls: his name and number in one line, his question, and he leaves with a request number. */
registry.category("web_tour.tours").add("amlaj_contact_stranger", {
    steps: () => [
        {
            trigger: ".amlaj_find_input",
            run() {
                clicks = 0;
            },
        },
        {trigger: ".amlaj_find_input", run: "edit خالد عواد الجهني ٠٥٥٧٧٧٨٨٩٩"},
        click(".amlaj_find_visitor"),
        {trigger: ".o_field_widget[name=visitor_name] input:value(خالد عواد الجهني)"},
        {trigger: ".o_field_widget[name=visitor_phone] input:value(557778899)"},
        click(".o_field_widget[name=line_ids] .o_field_x2many_list_row_add a"),
        {
            trigger: ".o_field_widget[name=line_ids] .o_field_widget[name=question] textarea",
            run: "edit أحتاج إلى شتلات لحديقة المنزل",
        },
        click("button[name=action_open_request]"),
        click(".o_field_widget[name=service_id] input"),
        click(".o-autocomplete--dropdown-item:contains(شتلات للتجربة)"),
        {trigger: ".o_field_widget[name=name]:contains(-)"},
        click(".o_form_button_save"),
        {trigger: ".o_form_saved"},
        {
            trigger: "body",
            run() {
                if (clicks > MOST_CLICKS) {
                    throw new Error(`${clicks} clicks, at most ${MOST_CLICKS} are allowed`);
                }
            },
        },
    ],
});

/** An anonymous question that has a ready answer: two clicks. */
registry.category("web_tour.tours").add("amlaj_contact_two_clicks", {
    steps: () => [
        {
            trigger: ".amlaj_tools_input",
            run() {
                clicks = 0;
            },
        },
        {trigger: ".amlaj_tools_input", run: "edit ابوابكم"},
        {trigger: ".amlaj_tools:not(:has(.amlaj_tools_faq:nth-of-type(2)))"},
        click(".amlaj_tools_faq summary"),
        click(".amlaj_tools_faq[open] .amlaj_tools_here"),
        {trigger: ".o_notification"},
        {
            trigger: "body",
            run() {
                if (clicks > 2) {
                    throw new Error(`${clicks} clicks for an anonymous question`);
                }
            },
        },
    ],
});
