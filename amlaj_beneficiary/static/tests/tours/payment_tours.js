import {registry} from "@web/core/registry";

/**
 * A payment sheet in Arabic, one tour for each person's stretch: tests/committee/test_payment_tour.py starts them one
 * after the other.
 */
const PATIENCE = 60000;
const add = (name, steps) =>
    registry.category("web_tour.tours").add(`amlaj_payment_${name}`, {
        steps: () => steps.map((step) => ({timeout: PATIENCE, ...step})),
    });

const click = (trigger, options = {}) => ({trigger, run: "click", ...options});
const seen = (trigger) => ({trigger});
const type = (trigger, text) => ({trigger, run: `edit ${text}`});
const atState = (state) => seen(`.o_field_widget[name=state] .o_arrow_button_current[data-value=${state}]`);
const confirmDialog = [click(".modal footer button.btn-primary:visible"), seen("body:not(:has(.modal))")];
const openFirstRow = click(".o_list_view .o_data_row:first .o_data_cell:first");
const lines = ".o_field_widget[name=line_ids] .o_data_row";

add("prepare", [
    click(".o_list_button_add"),
    click(".o_form_button_save"),
    click("button[name=action_fill]"),
    seen(`${lines}:nth-child(3)`),
    seen(".o_field_widget[name=total_words]:contains(ثلاثة آلاف وستمئة ريال سعودي)"),
]);

add("approve", [
    openFirstRow,
    seen(`${lines}.text-danger:contains(لم يعد الحساب)`),
    seen(".o_field_widget[name=total_words]:contains(ألفان وأربعمئة ريال سعودي)"),
    click("button[name=action_approve]"),
    ...confirmDialog,
    atState("approved"),
]);

add("pay", [
    openFirstRow,
    click("button.amlaj_payment_pay"),
    type(".modal .o_field_widget[name=reference] input", "TRX-2026"),
    ...confirmDialog,
    atState("paid"),
    seen(`${lines} .o_field_widget[name=state]:contains(تم الصرف)`),
    seen(`${lines}.text-danger .o_field_widget[name=state]:contains(موقوفة)`),
]);

add("returned", [
    openFirstRow,
    click("button.amlaj_transfer_returned:first"),
    type(".modal .o_field_widget[name=reason] input", "الحساب مغلق"),
    ...confirmDialog,
    seen(`${lines}.text-warning .o_field_widget[name=state]:contains(أعادها البنك)`),
]);

add("accept", [
    openFirstRow,
    click("button.amlaj_accept_account"),
    seen(".modal .o_field_widget[name=new_iban]:contains(SA)"),
    type(".modal .o_field_widget[name=reason] input", "تواصلنا معه هاتفياً"),
    ...confirmDialog,
    seen(`body:not(:has(${lines}.text-danger))`),
]);
