import {registry} from "@web/core/registry";

/**
 * The whole road of a request, one tour for each stretch. The tests in tests/committee/test_road_tour.py start them one
 * after the other, each logged in as the person whose stretch it is, in Arabic.
 */
// papers are drawn on the way, and a busy machine draws slowly: no step is hurried
const PATIENCE = 60000;
const add = (name, steps) =>
    registry.category("web_tour.tours").add(`amlaj_road_${name}`, {
        steps: () => steps.map((step) => ({timeout: PATIENCE, ...step})),
    });

const click = (trigger, options = {}) => ({trigger, run: "click", ...options});
const seen = (trigger) => ({trigger});
// a paper is drawn before the next screen: that takes longer than a step usually may
const printed = (trigger) => ({trigger, timeout: 60000});
const atState = (state) => seen(`.o_field_widget[name=state] .o_arrow_button_current[data-value=${state}]`);
const header = (step) => click(`.o_statusbar_buttons button.amlaj_step_${step}`);
const dialogClosed = seen("body:not(:has(.modal))");
const confirmDialog = [click(".modal footer button.btn-primary:visible"), dialogClosed];
const openFirstRow = click(".o_list_view .o_data_row:first .o_data_cell:first");

add("desk_new", [
    {trigger: ".amlaj_find_input", run: "edit الحرب"},
    click(".amlaj_find_row:contains(فاطمة) .amlaj_find_request"),
    click(".o_field_widget[name=service_id] input"),
    click(".o-autocomplete--dropdown-item:contains(خدمة الطريق)"),
    seen(".o_field_widget[name=document_ids] .o_data_row:nth-child(2)"),
    click(".amlaj_sign_paper"),
    seen(".amlaj_signed"),
]);

add("desk_receive_and_raise", [
    click("button[name=action_match_papers]"),
    seen("body:not(:has(button[name=action_match_papers]))"),
    click("button[name=action_receive_and_print]"),
    printed(".o_field_widget[name=informed_at]"),
    click("button[name=action_raise]"),
    atState("committee"),
]);

add("desk_receive_incomplete", [
    click("button[name=action_receive_and_print]"),
    {...atState("incomplete"), timeout: 60000},
    seen("[name=missing]:contains(عقد إيجار)"),
]);

add("desk_raise_again", [click("button[name=action_raise]"), atState("committee")]);

add("secretary_opens", [
    click(".o_list_button_add"),
    seen(".o_field_widget[name=present_ids] input[type=checkbox]"),
    {
        trigger: ".o_field_widget[name=present_ids]",
        run() {
            for (const seat of this.anchor.querySelectorAll("input[type=checkbox]:not(:checked)")) {
                seat.click();
            }
        },
    },
    click(".o_form_button_save"),
    click("button[name=action_add_candidates]"),
    seen(".o_field_widget[name=decision_ids] .o_data_row"),
    click("button[name=action_open]"),
    atState("open"),
]);

add("member_votes", [click("button[name=action_vote_for]"), seen(".o_kanban_record .amlaj_my_vote")]);

add("chair_decides", [
    openFirstRow,
    header("decide"),
    seen(".modal .o_field_widget[name=line_ids] .o_data_row:nth-child(3)"),
    click(".modal .o_field_widget[name=others_vote] input[data-value=for]"),
    ...confirmDialog,
    seen(".o_field_widget[name=undecided_count]:contains(0)"),
]);

add("chair_defers", [
    openFirstRow,
    header("decide"),
    click(".modal .o_field_widget[name=result] input[data-value=deferred]"),
    click(".modal .o_field_widget[name=defer_to] input[data-value=session]"),
    click(".modal .o_field_widget[name=others_vote] input[data-value=for]"),
    ...confirmDialog,
    seen(".o_field_widget[name=undecided_count]:contains(0)"),
]);

add("secretary_closes", [
    openFirstRow,
    click("button[name=action_close]"),
    click(".modal footer button.btn-primary"),
    atState("closed"),
]);

add("desk_reply_too_early", [
    openFirstRow,
    header("reply"),
    seen(".modal .o_field_widget[name=channel_id]"),
    click(".modal footer button.btn-primary:visible"),
    // the refusal names the day from which the reply may be given
    seen(".modal:contains(26-)"),
]);

add("desk_reply", [
    openFirstRow,
    header("reply"),
    seen(".modal .o_field_widget[name=channel_id]"),
    ...confirmDialog,
    seen(".o_field_widget[name=replied_at]"),
]);

add("delivery", [
    click("button[name=action_start_delivery]"),
    atState("delivery"),
    click(".o_notebook a[name=deliveries]"),
    click(".o_field_widget[name=delivery_ids] .o_data_row button.amlaj_step_deliver"),
    seen(".modal .o_field_widget[name=receiver_name] input"),
    ...confirmDialog,
    click("button[name=action_close]"),
    atState("done"),
]);
