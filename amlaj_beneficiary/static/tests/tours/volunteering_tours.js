import {go, onPage, seen} from "./phone_steps";
import {registry} from "@web/core/registry";

/**
 * A volunteer on a phone of 360 px, in Arabic: from the list of opportunities to the certificate. The test in
 * tests/people/test_volunteering_pages.py starts these one after the other; between them the supervisor and the
 * coordinator do their part.
 */
const add = (name, steps) =>
    registry.category("web_tour.tours").add(`amlaj_volunteering_${name}`, {
        steps: () => steps.map((step) => ({timeout: 30000, ...step})),
    });

/** Choose a time: a tour types none into such a field. */
const at = (trigger, time) => ({
    trigger,
    run() {
        this.anchor.value = time;
    },
});

add("join", [
    ...onPage,
    go(".amlaj-card-title a:contains(غرس)"),
    ...onPage,
    go("a[href*='/my/volunteering/join/']"),
    ...onPage,
    {trigger: "input[name=shift]", run: "click"},
    go("form button[type=submit]"),
    ...onPage,
    seen(".alert-success"),
    go(".amlaj-card-title a:contains(غرس)"),
    ...onPage,
    seen("a[href$='/calendar.ics']"),
    seen("form[action$='/leave'] button"),
]);

add("enter", [
    ...onPage,
    go(".amlaj-card-title a:contains(تعبئة)"),
    ...onPage,
    at("#hours_from", "09:00"),
    at("#hours_to", "12:30"),
    go("form[action$='/hours'] button"),
    ...onPage,
    seen(".alert-success"),
    {trigger: "#rating_5", run: "click"},
    go("form[action$='/rate'] button"),
    ...onPage,
    seen(".alert-success"),
]);

add("supervise", [
    ...onPage,
    go(".amlaj-card-title a:contains(تعبئة)"),
    ...onPage,
    seen("input[name=line]:checked"),
    go("button[value=approve]"),
    ...onPage,
    seen(".amlaj-phone:not(:has(input[name=line]))"),
]);

add("certificate", [
    ...onPage,
    seen(".amlaj-card:contains(3 ساعات و30 دقيقة)"),
    seen("a[href$='/certificate']"),
    seen("a[href='/my/volunteering/card'], a[href$='/my/volunteering/card']"),
]);

add("visit", [
    ...onPage,
    go("a[href$='/my/volunteering/undertaking']"),
    ...onPage,
    {trigger: "#undertaking_agreed", run: "click"},
    {trigger: "#undertaking_name", run: "edit لمياء عادل حسن"},
    go("form[action$='/undertaking'] button"),
    ...onPage,
    seen(".amlaj-card:contains(سالم)"),
    {trigger: "input[name=outcome][value=done]", run: "click"},
    {trigger: "textarea[name=note]", run: "edit باب المنزل يحتاج إلى إصلاح"},
    go("form[action*='/visits/'] button"),
    ...onPage,
    seen(".alert-success"),
    seen(".amlaj-phone:not(:contains(سالم))"),
]);
