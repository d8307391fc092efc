import {drawSignature, go, onPage, seen} from "./phone_steps";
import {registry} from "@web/core/registry";

/**
 * Whoever wishes to help, on a phone of 360 px, in Arabic: the sign-up, the guardian's answer, the first entry and the
 * charter. tests/people/test_people_tour.py starts these; between them the coordinator does his part.
 */
const add = (name, steps) =>
    registry.category("web_tour.tours").add(`amlaj_people_${name}`, {
        steps: () => steps.map((step) => ({timeout: 30000, ...step})),
    });

const send = ".amlaj-volunteer button[type=submit]";
const arabicDigits = (text) => String(text).replace(/\d/g, (digit) => "٠١٢٣٤٥٦٧٨٩"[digit]);
const young = arabicDigits(`2/1/${new Date().getFullYear() - 17}`);

const answers = (name, phone, birth) => [
    ...onPage,
    {trigger: "#volunteer_name", run: `edit ${name}`},
    {trigger: "#volunteer_phone", run: `edit ${phone}`},
    {trigger: "#volunteer_birth_text", run: `edit ${birth}`},
    {trigger: ".amlaj-volunteer input[name=field]", run: "check"},
    {trigger: "#volunteer_availability_weekends", run: "check"},
    {trigger: "#volunteer_ethics", run: "check"},
    {trigger: "#volunteer_notice", run: "check"},
    go(send),
];

add("adult", [...answers("سارة علي الجهني", "٠٥٥١٢٣٤٥٦٧", "١٥/٧/١٤١٠"), ...onPage, seen(".alert-success")]);

add("young", [
    ...answers("ماجد سعد البلوي", "٠٥٥٧٦٥٤٣٢١", young),
    ...onPage,
    // what was typed is kept, and the guardian is asked for
    seen("#volunteer_guardian #volunteer_guardian_name_fault"),
    seen("#volunteer_availability_weekends:checked"),
    {trigger: "#volunteer_guardian_name", run: "edit سعد فرج البلوي"},
    {trigger: "#volunteer_guardian_phone", run: "edit ٠٥٥٠٠٠٠٠٠١"},
    go(send),
    ...onPage,
    seen(".alert-success"),
]);

add("guardian", [
    ...onPage,
    seen(".amlaj-phone:contains(ماجد)"),
    {trigger: "#guardian_name", run: "edit سعد فرج البلوي"},
    go("button[name=answer][value=yes]"),
    ...onPage,
    seen(".alert-success"),
]);

add("charter", [
    ...onPage,
    seen(".amlaj-entry-by-paper"),
    {trigger: "#entry_password", run: "edit شمس وقمر وبحر"},
    go(".amlaj-entry button[type=submit]"),
    ...onPage,
    go("a.btn[href$='/my']"),
    ...onPage,
    go("#volunteering_to_sign a"),
    ...onPage,
    seen(".o_web_sign_name_input"),
    drawSignature,
    go(".o_portal_sign_submit:enabled"),
    ...onPage,
    seen(".alert-success"),
    seen("a[href$='/paper']"),
]);
