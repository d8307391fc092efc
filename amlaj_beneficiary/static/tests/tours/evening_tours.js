import {registry} from "@web/core/registry";

/**
 * Tuesday evening: sixty files, five members, at most forty clicks in all: thirty-five of the secretary, one of each other
 * member. A stretch that takes more than its share fails. See tests/committee/test_evening_tour.py.
 */
const PATIENCE = 60000;
const COUNTED = "amlaj_evening_clicks";

const counted = () => Number(sessionStorage.getItem(COUNTED) || 0);
const count = () => sessionStorage.setItem(COUNTED, String(counted() + 1));
const add = (name, most, steps) =>
    registry.category("web_tour.tours").add(`amlaj_evening_${name}`, {
        steps: () =>
            [
                {trigger: "body", run: () => sessionStorage.removeItem(COUNTED)},
                ...steps,
                {
                    trigger: "body",
                    run() {
                        if (!counted() || counted() > most) {
                            throw new Error(`${counted()} clicks, at most ${most} were promised`);
                        }
                    },
                },
            ].map((step) => ({timeout: PATIENCE, ...step})),
    });
const click = (trigger) => ({
    trigger,
    async run(helpers) {
        count();
        await helpers.click();
    },
});
const seen = (trigger) => ({trigger});
const dialogClosed = seen("body:not(:has(.modal))");
const undecided = (number) => seen(`.o_field_widget[name=undecided_count]:text(${number})`);
add("secretary", 35, [
    click(".o_list_button_add"),
    seen(".o_field_widget[name=present_ids] input[type=checkbox]"),
    click(".o_form_button_save"),
    click("button.amlaj_step_all_present"),
    seen(".o_field_widget[name=present_ids] input[type=checkbox]:checked"),
    click("button[name=action_add_candidates]"),
    undecided(60),
    click("button.amlaj_step_publish"),
    seen(".o_field_widget[name=published_at]"),
    click("button[name=action_open]"),
    seen(".o_field_widget[name=state] .o_arrow_button_current[data-value=open]"),
    click("button.amlaj_step_record_answers"),
    click(".modal footer .btn-primary"),
    dialogClosed,
    // two exceptions, each by itself
    click(".o_field_widget[name=decision_ids] .o_data_row:first button .fa-gavel"),
    click(".modal .o_field_widget[name=result] input[data-value=rejected]"),
    click(".modal .o_field_widget[name=reason_id] input"),
    click(".o-autocomplete--dropdown-item:contains(شروط الأمسية)"),
    click(".modal .o_field_widget[name=others_vote] input[data-value=for]"),
    click(".modal footer button[name=action_confirm]"),
    dialogClosed,
    undecided(59),
    click(".o_field_widget[name=decision_ids] .o_data_row:nth-child(2) button .fa-gavel"),
    click(".modal .o_field_widget[name=result] input[data-value=deferred]"),
    click(".modal .o_field_widget[name=defer_to] input[data-value=research]"),
    click(".modal .o_field_widget[name=others_vote] input[data-value=for]"),
    click(".modal footer button[name=action_confirm]"),
    dialogClosed,
    undecided(58),
    // the rest, service by service
    click(".o_statusbar_buttons .amlaj_step_decide"),
    click(".modal .o_field_widget[name=others_vote] input[data-value=for]"),
    ...[1, 2, 3, 4, 5, 6].flatMap((rank) => [
        seen(`.modal .o_field_widget[name=services_shown]:contains(خدمة الأمسية ${rank})`),
        seen(".modal .o_field_widget[name=line_ids] .o_data_row:nth-child(5)"),
        click(".modal footer .amlaj_decide_next"),
    ]),
    dialogClosed,
    undecided(0),
    click("button[name=action_close]"),
    click(".modal footer .btn-primary"),
    seen(".o_field_widget[name=state] .o_arrow_button_current[data-value=closed]"),
    click("button:contains(المحضر):not(.amlaj_step_sign)"),
]);

add("member", 1, [
    seen(".o_form_view"),
    click("button.amlaj_step_confirm"),
    seen("body:not(:has(button.amlaj_step_confirm:visible))"),
]);

add("member_votes", 3, [
    seen(".o_form_view"),
    click("button.amlaj_step_answer"),
    click(".modal footer .amlaj_answer"),
    dialogClosed,
    click("button.amlaj_step_vote_rest"),
    seen("body:not(:has(button.amlaj_step_vote_rest:visible))"),
]);

add("member_signs", 1, [
    seen(".o_form_view"),
    click("button.amlaj_step_sign"),
    seen("body:not(:has(button.amlaj_step_sign:visible))"),
]);
