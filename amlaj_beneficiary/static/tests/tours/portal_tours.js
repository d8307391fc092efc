import {drawSignature, go, onPage, seen, takePhoto} from "./phone_steps";
import {registry} from "@web/core/registry";

/**
 * The applicant on a phone of 360 px, in Arabic: from the services to the receipt. The tests in
 * tests/committee/test_portal_tour.py start these one after the other; between them the desk does its part.
 */
const add = (name, steps) =>
    registry.category("web_tour.tours").add(`amlaj_portal_${name}`, {
        steps: () => steps.map((step) => ({timeout: 30000, ...step})),
    });

add("apply", [
    ...onPage,
    go(".amlaj-card-title a:contains(خدمة الجوال)"),
    ...onPage,
    go("a[href^='/my/requests/new'], a[href*='/my/requests/new']"),
    ...onPage,
    go("form[action='/my/requests/new'] button"),
    // the questions of this service
    ...onPage,
    {trigger: "input[name=months]", run: "edit ٣"},
    go(".amlaj-phone form button[type=submit]:not([name=later])"),
    // what is asked
    ...onPage,
    {trigger: "#need_description", run: "edit أحتاج إلى سداد الإيجار"},
    go(".amlaj-phone form button[type=submit]:not([name=later])"),
    // the papers: one photo, sent small as soon as it is chosen
    ...onPage,
    takePhoto(".amlaj-paper:contains(عقد) input[type=file]", "contract.jpg"),
    seen(".amlaj-paper:contains(عقد) .amlaj-paper-files:contains(contract.jpg)"),
    takePhoto(".amlaj-paper:contains(عقد) input[type=file]", "page2.jpg"),
    seen(".amlaj-paper:contains(عقد) .amlaj-paper-files:contains(page2.jpg)"),
    seen(".amlaj-paper:contains(عقد):not(:has(progress))"),
    go(".amlaj-paper:contains(عقد) .amlaj-paper-files li:contains(page2.jpg) button"),
    ...onPage,
    seen(".amlaj-paper:contains(عقد) .amlaj-paper-files:not(:contains(page2.jpg))"),
    go("a[href$='/step/sign']"),
    // the signature
    ...onPage,
    seen(".o_web_sign_name_input"),
    drawSignature,
    go(".o_portal_sign_submit:enabled"),
    ...onPage,
    go("form[action$='/submit'] button"),
    ...onPage,
    seen(".amlaj-state"),
]);

add("complete", [
    ...onPage,
    go(".amlaj-card .btn-primary[href^='/my/requests/'], .amlaj-card .btn-primary[href*='/my/requests/']"),
    ...onPage,
    go("a[href*='/step/papers#paper-']"),
    ...onPage,
    {trigger: ".amlaj-paper:contains(الهوية) input[name=number]", run: "edit ١٠٠٠٠٠٠٠٠٨"},
    go(".amlaj-paper:contains(الهوية) form.amlaj-paper-form button[type=submit]"),
    ...onPage,
    seen(".amlaj-paper:contains(الهوية) .alert-success"),
    go(".amlaj-phone-back"),
    ...onPage,
    go("form[action$='/submit'] button"),
    ...onPage,
    seen(".amlaj-state:not(:has(form))"),
]);

add("result", [...onPage, seen("#result_title"), seen(".amlaj-phone:contains(1,500)"), seen("a[href*='/receipts/']")]);
