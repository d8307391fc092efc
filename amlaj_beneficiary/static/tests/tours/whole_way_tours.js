import {drawSignature, go, onPage, seen, takePhoto} from "./phone_steps";
import {registry} from "@web/core/registry";

/**
 * A person without e-mail on a phone of 360 px, in Arabic: with an account from the desk's slip to its closing, and without
 * one. tests/listening/test_whole_way_tour.py starts these one after the other; between them the association does its part.
 */
const add = (name, steps) =>
    registry.category("web_tour.tours").add(`amlaj_whole_${name}`, {
        steps: () => steps.map((step) => ({timeout: 30000, ...step})),
    });

const next = ".amlaj-phone form button[type=submit]:not([name=later])";
const PASSWORD = "شمس وقمر وبحر";
const AGAIN = "نخل وماء وظل";

/** Enter by typing a number in the digits of an Arabic keyboard. */
const logIn = (number, password) => [
    ...onPage,
    {trigger: "#login", run: `edit ${number}`},
    {trigger: "#password", run: `edit ${password}`},
    go(".oe_login_form button[type=submit]"),
];

const choosePassword = (password) => [
    ...onPage,
    // the paper's square has said who it is
    seen(".amlaj-entry-by-paper"),
    {trigger: "#entry_password", run: `edit ${password}`},
    go(".amlaj-entry button[type=submit]"),
    ...onPage,
];

const object = [
    seen("#result_title"),
    go("a[href$='/objection']"),
    ...onPage,
    {trigger: "#objection_text", run: "edit العقد كان مع أوراقي، أرجو إعادة النظر"},
    go(next),
    ...onPage,
    seen("#objection_title"),
    seen(".amlaj-phone:not(:has(a[href$='/objection']))"),
];

const rate = [
    seen("#result_title"),
    go("a[href$='/rating']"),
    ...onPage,
    {
        trigger: ".amlaj-phone fieldset input[type=radio]",
        run() {
            document.querySelectorAll(".amlaj-phone fieldset").forEach((set) => set.querySelector("input").click());
        },
    },
    go("form[action$='/rating'] button.btn-primary"),
    ...onPage,
    seen(".alert-success"),
];

const sendPhoto = (name) => [
    takePhoto(".amlaj-paper:contains(عقد) input[type=file]", name),
    seen(`.amlaj-paper:contains(عقد) .amlaj-paper-files:contains(${name})`),
    seen(".amlaj-paper:contains(عقد):not(:has(progress))"),
];

// with an account

add("enter", [
    ...choosePassword(PASSWORD),
    go("a.btn[href$='/my']"),
    ...[{trigger: "body[is-ready=true]"}],
    go("a[href$='/my/file'], a[href*='/my/file']"),
    ...onPage,
    seen(".amlaj-phone:contains(فاطمة)"),
    go(".amlaj-phone-back"),
    {trigger: "body[is-ready=true]"},
    go("a[href*='/my/requests/new']"),
    ...onPage,
    go("a.list-group-item:contains(خدمة الجوال)"),
    ...onPage,
    go("form[action$='/my/requests/new']:has(input[name=service]) button"),
    ...onPage,
    {trigger: "#need_description", run: "edit أحتاج إلى سداد الإيجار"},
    go(next),
    ...onPage,
    go("a[href$='/step/sign']"),
    ...onPage,
    seen(".o_web_sign_name_input"),
    drawSignature,
    go(".o_portal_sign_submit:enabled"),
    ...onPage,
    go("form[action$='/submit'] button"),
    ...onPage,
    seen("#missing_title"),
]);

add("missing", [
    ...logIn("٠٥٠١٢٣٤٥٦٧", PASSWORD),
    ...onPage,
    go("a[href*='/step/papers#paper-']"),
    ...onPage,
    ...sendPhoto("contract.jpg"),
    go(".amlaj-phone-back"),
    ...onPage,
    go("form[action$='/submit'] button"),
    ...onPage,
    seen(".amlaj-state:not(:has(form))"),
]);

add("object", [...logIn("٠٥٠١٢٣٤٥٦٧", PASSWORD), ...onPage, ...object]);

add("forgotten", [
    ...onPage,
    go("a[href$='/web/reset_password']"),
    ...onPage,
    {trigger: "#forgotten_login", run: "edit ٠٥٠١٢٣٤٥٦٧"},
    go(next),
    ...onPage,
    seen(".alert-info"),
]);

add("close", [
    ...choosePassword(AGAIN),
    go("a.btn[href$='/my']"),
    {trigger: "body[is-ready=true]"},
    go("a[href*='/my/requests']:not([href*='new'])"),
    ...onPage,
    go(".amlaj-card-title a"),
    ...onPage,
    ...rate,
    {trigger: ".amlaj-phone-name", run: () => window.location.assign("/my/security"), expectUnloadPage: true},
    ...onPage,
    seen("#close_account"),
    {trigger: "#close_account summary", run: "click"},
    {trigger: "#close_password", run: `edit ${AGAIN}`},
    go("#close_account button[type=submit]"),
    ...onPage,
    seen(".amlaj-phone-title:contains(أُغلق)"),
]);

// without an account

add("sign_at_home", [
    {trigger: "body[is-ready=true] #sign_code"},
    {
        trigger: "#sign_code",
        run() {
            // as it was told on the phone; the page itself never sees what stands behind the #
            this.anchor.value = window.location.hash.slice(1);
        },
    },
    go("form:has(#sign_code) button[type=submit]"),
    {trigger: "body[is-ready=true] .o_web_sign_name_input", run: "edit فاطمة الحربي"},
    drawSignature,
    {trigger: ".o_portal_sign_submit:enabled", run: "click"},
    seen(".alert-success, .o_portal_signature_form:contains(شكر), .container:contains(تم التوقيع)"),
]);

add("follow_missing", [
    seen(".amlaj-phone #missing_title"),
    ...onPage,
    go("a[href*='/follow-up/papers#paper-']"),
    ...onPage,
    ...sendPhoto("home.jpg"),
    go("a.btn[href$='/follow-up/request']"),
    ...onPage,
    go("form[action$='/follow-up/submit'] button"),
    ...onPage,
    seen(".amlaj-state:not(:has(form))"),
]);

add("follow_object", [seen(".amlaj-phone #result_title"), ...onPage, ...object]);

add("follow_close", [
    seen(".amlaj-phone #result_title"),
    ...onPage,
    ...rate,
    go(".amlaj-phone-back"),
    ...onPage,
    go("form[action$='/follow-up/leave'] button"),
    ...onPage,
    seen("#follow_number"),
]);
