import {registry} from "@web/core/registry";

/**
 * The applicant on a phone of 360 px, in Arabic: from the services to the receipt. The tests in
 * tests/committee/test_portal_tour.py start these one after the other; between them the desk does its part.
 */
const add = (name, steps) =>
    registry.category("web_tour.tours").add(`amlaj_portal_${name}`, {
        steps: () => steps.map((step) => ({timeout: 30000, ...step})),
    });

const go = (trigger) => ({trigger, run: "click", expectUnloadPage: true});
const seen = (trigger) => ({trigger});
const ready = seen("body[is-ready=true] .amlaj-phone");
const fits = {
    trigger: ".amlaj-phone",
    run() {
        const width = document.documentElement.scrollWidth;
        if (width > window.innerWidth || window.innerWidth > 360) {
            throw new Error(`The page is ${width} px wide on a phone of ${window.innerWidth} px.`);
        }
        if (document.documentElement.lang.slice(0, 2) !== "ar") {
            throw new Error("The page is not in Arabic.");
        }
    },
};
const onPage = [ready, fits];

/** Choose a photo as a phone takes it: large, and with much in it. */
const takePhoto = (trigger, name) => ({
    trigger,
    async run() {
        const canvas = document.createElement("canvas");
        canvas.width = 3000;
        canvas.height = 2200;
        const context = canvas.getContext("2d");
        const pixels = context.createImageData(canvas.width, canvas.height);
        for (let at = 0, seed = name.length; at < pixels.data.length; at++) {
            seed = (seed * 1103515245 + 12345) % 2147483648;
            pixels.data[at] = at % 4 === 3 ? 255 : 128 + ((seed >> 16) % 128);
        }
        context.putImageData(pixels, 0, 0);
        const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.95));
        const chosen = new DataTransfer();
        chosen.items.add(new File([blob], name, {type: "image/jpeg"}));
        this.anchor.files = chosen.files;
        this.anchor.dispatchEvent(new Event("change", {bubbles: true}));
    },
});

/** Draw with the finger. */
const drawSignature = {
    trigger: "canvas.o_web_sign_signature",
    run() {
        const box = this.anchor.getBoundingClientRect();
        const touch = (type, at) =>
            this.anchor.dispatchEvent(
                new PointerEvent(type, {
                    bubbles: true,
                    cancelable: true,
                    isPrimary: true,
                    pointerId: 1,
                    pointerType: "touch",
                    button: 0,
                    buttons: type === "pointerup" ? 0 : 1,
                    pressure: 0.5,
                    clientX: box.left + 20 + at * 20,
                    clientY: box.top + box.height / 2 + (at % 2 ? 25 : -25),
                })
            );
        touch("pointerdown", 0);
        for (let at = 1; at < 10; at++) {
            touch("pointermove", at);
        }
        touch("pointerup", 10);
    },
};

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
