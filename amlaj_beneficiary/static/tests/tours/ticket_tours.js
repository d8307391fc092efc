import {go, onPage, seen} from "./phone_steps";
import {registry} from "@web/core/registry";

/**
 * Writing to the association on a phone of 360 px, in Arabic. The tests in tests/listening/test_ticket_tour.py start these
 * one after the other; between them the desk answers.
 */
const add = (name, steps) =>
    registry.category("web_tour.tours").add(`amlaj_ticket_${name}`, {
        steps: () => steps.map((step) => ({timeout: 30000, ...step})),
    });
const large = (trigger) => ({
    trigger,
    run() {
        for (const field of document.querySelectorAll(
            ".amlaj-phone .btn, .amlaj-phone input.form-control, .amlaj-phone select"
        )) {
            const box = field.getBoundingClientRect();
            if (box.height && box.height < 44 && !field.closest(".amlaj-beyond, .js_language_selector")) {
                throw new Error(`${field.outerHTML.slice(0, 80)} is ${box.height} px high.`);
            }
        }
    },
});

/** Choose a photo as cameras make them: the page makes it small before it is sent. */
const photo = (trigger, name) => [
    {
        trigger,
        async run() {
            const canvas = document.createElement("canvas");
            canvas.width = 2800;
            canvas.height = 2100;
            canvas.getContext("2d").fillRect(20, 20, 900, 600);
            const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
            const chosen = new DataTransfer();
            chosen.items.add(new File([blob], name, {type: "image/png"}));
            this.anchor.files = chosen.files;
            this.anchor.dispatchEvent(new Event("change", {bubbles: true}));
        },
    },
    {
        trigger: "form.amlaj-help button[type=submit]:not(:disabled)",
        async run() {
            const [file] = document.querySelector(trigger).files;
            const {width} = await createImageBitmap(file);
            if (file.type !== "image/jpeg" || width > 2000) {
                throw new Error(`The photo goes as ${file.type}, ${width} wide.`);
            }
        },
    },
];

add("help", [
    ...onPage,
    large("form.amlaj-help"),
    {trigger: "#ticket_kind_enquiry", run: "click"},
    {trigger: "#ticket_text", run: "edit متى يفتح المكتب؟"},
    {trigger: "#help_name", run: "edit علي"},
    {trigger: "#help_phone", run: "edit ٠٥٥١١١٢٢٢٣"},
    go("form.amlaj-help button[type=submit]"),
    ...onPage,
    seen(".amlaj_ticket_code"),
]);

add("anonymous", [
    ...onPage,
    {trigger: "#ticket_kind_complaint", run: "click"},
    {trigger: "#ticket_text", run: "edit لم يُحسن الموظف استقبالي"},
    {trigger: "details summary", run: "click"},
    {trigger: "#ticket_about_kind", run: "select employee"},
    {trigger: "#ticket_about_text", run: "edit موظف النافذة الثانية"},
    ...photo("#ticket_files", "window.png"),
    {trigger: "#ticket_is_anonymous", run: "click"},
    go("form.amlaj-help button[type=submit]"),
    ...onPage,
    {
        trigger: ".amlaj_ticket_code",
        run() {
            // what the person writes on a slip of paper
            const text = (name) => document.querySelector(`.amlaj_ticket_${name}`).textContent;
            window.sessionStorage.setItem("slip", JSON.stringify([text("number"), text("code")]));
        },
    },
    go("a[href='/follow-up'], a[href$='/follow-up']"),
    ...onPage,
    {
        trigger: "#follow_number",
        run() {
            const [number, code] = JSON.parse(window.sessionStorage.getItem("slip"));
            document.querySelector("#follow_number").value = number;
            document.querySelector("#follow_code").value = code.replace(/\d/g, (digit) => "٠١٢٣٤٥٦٧٨٩"[digit]);
        },
    },
    go(".amlaj-follow button[type=submit]"),
    ...onPage,
    seen(".amlaj-card:contains(لم يُحسن الموظف استقبالي)"),
    {trigger: "#reply_text", run: "edit كان ذلك يوم الأحد"},
    go("form[action='/follow-up/message'] button[type=submit]"),
    ...onPage,
    seen(".alert-success"),
    seen(".amlaj-card:contains(كان ذلك يوم الأحد)"),
]);

add("mine", [
    ...onPage,
    go("a[href$='/my/tickets/new']"),
    ...onPage,
    {trigger: "#ticket_kind_suggestion", run: "click"},
    {trigger: "#ticket_text", run: "edit نقترح فتح المكتب مساءً"},
    go("form button[type=submit]"),
    ...onPage,
    seen(".amlaj-state"),
    seen(".amlaj-card:contains(نقترح فتح المكتب مساءً)"),
]);

add("answered", [
    ...onPage,
    go(".amlaj-card .btn"),
    ...onPage,
    seen(".amlaj_answer:contains(شكراً لكم)"),
    {trigger: "#reply_text", run: "edit ويوم السبت أيضاً"},
    go("form button[type=submit]"),
    ...onPage,
    seen(".amlaj-card:contains(ويوم السبت أيضاً)"),
]);
