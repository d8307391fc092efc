import {registry} from "@web/core/registry";

const MOST_CLICKS = 12;
let clicks = 0;

/** A click of the employee, counted. */
function click(trigger, options = {}) {
    return {
        trigger,
        run: async (helpers) => {
            clicks++;
            await helpers.click();
        },
        ...options,
    };
}

function start() {
    return {
        trigger: ".amlaj_find_input",
        run() {
            clicks = 0;
            if (document.activeElement !== this.anchor) {
                throw new Error("The search box has no focus.");
            }
        },
    };
}

const atMost = (most) => ({
    trigger: "body",
    run() {
        if (clicks > most) {
            throw new Error(`${clicks} clicks, at most ${most} are allowed`);
        }
    },
});

const receivePaper = (number) => [
    click(".o_field_widget[name=document_ids] button[name=action_receive_and_match]:first"),
    {
        trigger: `.o_field_widget[name=document_ids] .o_data_row:nth-child(${number}):not(:has(button[name=action_receive_and_match]))`,
    },
];

registry.category("web_tour.tours").add("amlaj_desk_twelve_clicks", {
    steps: () => [
        start(),
        {trigger: ".amlaj_find_input", run: "edit الحرب"},
        click(".amlaj_find_row:contains(فاطمة) .amlaj_find_request"),
        click(".o_field_widget[name=service_id] input"),
        click(".o-autocomplete--dropdown-item:contains(خدمة بخمسة مستندات)"),
        // the draft is saved by itself and its papers are there
        {trigger: ".o_field_widget[name=document_ids] .o_data_row:nth-child(5)"},
        ...[1, 2, 3, 4, 5].flatMap(receivePaper),
        click(".amlaj_sign_paper"),
        {trigger: ".amlaj_signed"},
        click("button[name=action_receive_and_print]"),
        // drawing the slip takes its time on a busy machine
        {trigger: ".o_field_widget[name=informed_at]", timeout: 60000},
        atMost(MOST_CLICKS),
    ],
});

registry.category("web_tour.tours").add("amlaj_desk_one_tap_for_all_papers", {
    steps: () => [
        start(),
        {trigger: ".amlaj_find_input", run: "edit الحربي"},
        {trigger: ".amlaj_find_row"},
        // the keyboard opens the file
        {trigger: ".amlaj_find_input", run: "press Enter"},
        click(".o_form_statusbar .btn-primary:first"),
        click(".o_field_widget[name=service_id] input"),
        click(".o-autocomplete--dropdown-item:contains(خدمة بخمسة مستندات)"),
        click("button[name=action_match_papers]"),
        {trigger: "body:not(:has(button[name=action_match_papers]))"},
        click(".amlaj_sign_paper"),
        {trigger: ".amlaj_signed"},
        click("button[name=action_receive_and_print]"),
        // drawing the slip takes its time on a busy machine
        {trigger: ".o_field_widget[name=informed_at]", timeout: 60000},
        atMost(7),
    ],
});

registry.category("web_tour.tours").add("amlaj_desk_new_file", {
    steps: () => [
        start(),
        {trigger: ".amlaj_find_input", run: "edit عبد الله سعد محمد البلوي"},
        click(".amlaj_find_new"),
        {trigger: ".o_field_widget[name=first_name] input:value(عبد الله)"},
        {trigger: ".o_field_widget[name=family_name] input:value(البلوي)"},
        // a wrong digit is said at the field, and what was typed stays
        {trigger: ".o_field_widget[name=identity_number] input", run: "edit ١٠٠٠٠٠٠٠٠٩ && press Tab"},
        {trigger: ".o_field_widget[name=identity_number] .amlaj_field_message"},
        {trigger: ".o_field_widget[name=identity_number] input:value(١٠٠٠٠٠٠٠٠٩)"},
        // a resident's number chooses its kind by itself, and Arabic digits become Latin ones
        {trigger: ".o_field_widget[name=identity_number] input", run: "edit ٢٠٠٠ ٠٠٠ ٠٠٦ && press Tab"},
        {trigger: ".o_field_widget[name=identity_number] input:value(2000000006)"},
        // a day that the Hijri month does not have
        {trigger: ".o_field_widget[name=birth_text] input", run: "edit ٣٠/٢/١٤١٠ && press Tab"},
        {trigger: ".o_field_widget[name=birth_text] .amlaj_field_message"},
        {trigger: ".o_field_widget[name=birth_text] input", run: "edit ١٥/٧/١٤١٠ && press Tab"},
        {trigger: ".o_field_widget[name=birth_shown]:contains(10/2/1990)"},
        {trigger: ".o_field_widget[name=phone] input", run: "edit ٠٥٠١٢٣٤٥٦٧ && press Tab"},
        {trigger: ".o_field_widget[name=phone] input:value(+966501234567)"},
        click("a[name=bank]"),
        {trigger: ".o_field_widget[name=iban] input", run: "edit sa03 8000 0000 6080 1016 7519 && press Tab"},
        {trigger: ".o_field_widget[name=iban] .amlaj_field_hint:contains(SA03 8000 0000 6080 1016 7519)"},
        click("a[name=consents]"),
        // the tick saves the new file first
        click(".amlaj_consent input[data-purpose=awareness]"),
        {trigger: ".amlaj_consent input[data-purpose=awareness]:checked"},
        click(".amlaj_consent input[data-purpose=awareness]"),
        {trigger: ".amlaj_consent input[data-purpose=awareness]:not(:checked):not(:disabled)"},
        click("button[name=action_match_identity]"),
        {trigger: ".o_field_widget[name=identity_matched_by_id]"},
    ],
});

registry.category("web_tour.tours").add("amlaj_desk_dates_in_arabic", {
    steps: () => [
        {trigger: ".o_field_widget[name=valid_until] input, .o_field_widget[name=valid_until] button", run: "click"},
        {trigger: ".o_field_widget[name=valid_until] input", run: "edit ٢٥/١٢/٢٠٣٠ && press Enter"},
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_saved"},
        {
            trigger: ".o_field_widget[name=valid_until] input, .o_field_widget[name=valid_until] button",
            run() {
                const shown = this.anchor.value || this.anchor.textContent;
                if (/[٠-٩]/.test(shown) || !shown.includes("2030")) {
                    throw new Error(`The date is shown as “${shown}”`);
                }
            },
        },
    ],
});

registry.category("web_tour.tours").add("amlaj_desk_unsaved_comes_back", {
    steps: () => [
        {trigger: ".o_field_widget[name=address_note] input", run: "edit خلف المسجد && press Tab"},
        {
            trigger: ".o_form_button_save",
            async run(helpers) {
                // the session ends elsewhere; the next save tells so, before anything in the background does
                await fetch("/web/session/destroy", {
                    method: "POST",
                    headers: {"Content-Type": "application/json"},
                    body: JSON.stringify({jsonrpc: "2.0", method: "call", params: {}}),
                });
                await helpers.click();
            },
        },
        // each call that fails shows the same dialog: the upper one counts
        {trigger: ".modal:not(.o_inactive_modal) .btn-primary", run: "click", expectUnloadPage: true},
        {trigger: "form.oe_login_form input[name=login]", run: "edit amlaj_relations"},
        {trigger: "form.oe_login_form input[name=password]", run: "edit amlaj_relations"},
        {trigger: "form.oe_login_form button[type=submit]", run: "click", expectUnloadPage: true},
        {trigger: ".modal .btn-primary", run: "click"},
        {trigger: ".o_field_widget[name=address_note] input:value(خلف المسجد)"},
        {trigger: ".o_form_button_save", run: "click"},
        {trigger: ".o_form_saved"},
        {
            trigger: "body",
            run() {
                const left = Object.keys(sessionStorage).filter((key) => key.startsWith("amlaj.unsaved:"));
                if (left.length) {
                    throw new Error("What was saved is still kept in the tab.");
                }
            },
        },
    ],
});
