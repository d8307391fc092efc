import {go, onPage, seen} from "./phone_steps";
import {registry} from "@web/core/registry";

/**
 * Rating without an account, in Arabic and at 360 px: behind the personal link, and on the tablet of the desk between two
 * persons. tests/listening/test_rating_tour.py starts these.
 */
const add = (name, steps) =>
    registry.category("web_tour.tours").add(`amlaj_rating_${name}`, {
        steps: () => steps.map((step) => ({timeout: 30000, ...step})),
    });

const RIGHT = "تقييم الخدمة حق من حقوقكم، وهو أداة للتقييم والتطوير لا للعقاب والتشهير";

const choose = (step) => ({
    trigger: ".amlaj-phone fieldset input[type=radio]",
    run() {
        for (const input of document.querySelectorAll(`.amlaj-phone fieldset input[value='${step}']`)) {
            const {height} = input.closest(".form-check").getBoundingClientRect();
            if (height < 40) {
                throw new Error(`A step is ${height} px high.`);
            }
            input.click();
        }
    },
});

const send = go(".amlaj-phone form button.btn-primary");

add("link", [
    ...onPage,
    seen(`.amlaj-phone:contains(${RIGHT})`),
    send,
    ...onPage,
    seen(".alert-warning"),
    choose(5),
    {trigger: "#rating_comment", run: "edit شكراً لكم"},
    send,
    ...onPage,
    seen(".alert-success"),
    // whoever opens the link after him sees nothing of it
    seen(".amlaj-phone:not(:has(fieldset input:checked))"),
    go("a[href$='/opinions']"),
    ...onPage,
    seen(`.amlaj-phone:contains(${RIGHT})`),
]);

add("tablet", [
    ...onPage,
    seen(`.amlaj-phone:contains(${RIGHT})`),
    // the code of the receipt, as an Arabic keyboard types it
    {
        trigger: "#rating_code",
        async run(helpers) {
            const digits = location.hash.slice(1);
            await helpers.edit(digits.replace(/\d/g, (digit) => "٠١٢٣٤٥٦٧٨٩"[digit]));
        },
    },
    send,
    ...onPage,
    choose(4),
    send,
    ...onPage,
    seen(".alert-success"),
    // neutral for the next person
    seen("#rating_code"),
    seen(".amlaj-phone:not(:has(fieldset))"),
]);

add("neutral", [...onPage, seen("#rating_code"), seen(".amlaj-phone:not(:has(fieldset)):not(:has(.alert))")]);
