import {durationText} from "@amlaj_beneficiary/desk/fields/duration_field";
import {faultOf} from "@amlaj_beneficiary/desk/request/paper_files";
import {latinDigits} from "@amlaj_beneficiary/desk/latin_digits";
import {asTyped} from "@amlaj_beneficiary/desk/unsaved/unsaved_form";
import {unsavedStore} from "@amlaj_beneficiary/desk/unsaved/unsaved_store";
import {shownPhone} from "@amlaj_beneficiary/desk/fields/phone_field";
import {registry} from "@web/core/registry";

const MEGABYTE = 1024 * 1024;

function equal(found, wanted, what) {
    if (JSON.stringify(found) !== JSON.stringify(wanted)) {
        throw new Error(`${what}: ${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`);
    }
}

const file = (name, size) => ({name, size});

function testUploads() {
    equal(faultOf([file("a.PDF", 10), file("b.jpeg", MEGABYTE)], 10), "", "good files");
    for (const bad of [
        file("invoice.pdf.exe", 10),
        file("page.svg", 10),
        file("none", 10),
        file("empty.pdf", 0),
        file("photo.jpg", 40 * MEGABYTE),
    ]) {
        equal(faultOf([file("a.pdf", 10), bad], 10) !== "", true, bad.name);
    }
    equal(/40.*10/.test(faultOf([file("photo.jpg", 40 * MEGABYTE)], 10)), true, "both sizes are said");
}

function testDurations() {
    equal(durationText(0, "ar-001"), "", "no time");
    equal(durationText(5, "en-US"), "5 hours", "hours");
    equal(durationText(72, "en-US"), "3 days", "days");
    equal(durationText(72, "ar-001"), "3 أيام", "Arabic plural, Latin digits");
    equal(durationText(24 * 11, "ar-001"), "11 يومًا", "Arabic accusative");
}

function testDigits() {
    equal(latinDigits("٢٥/١٢/٢٠٣٠"), "25/12/2030", "Arabic digits");
    equal(latinDigits("۱۲ متر"), "12 متر", "Persian digits, other letters stay");
}

function testPhones() {
    equal(shownPhone("+966501234567"), "050 123 4567", "a Saudi mobile");
    equal(shownPhone("+201001234567"), "+201001234567", "another country's");
    equal(shownPhone(false), "", "none");
}

function testTyped() {
    const fields = {
        name: {type: "char"},
        branch_id: {type: "many2one"},
        day: {type: "date"},
        member_ids: {type: "one2many"},
        answers: {type: "properties"},
    };
    const typed = asTyped(
        {name: "x", branch_id: 3, day: "2026-11-22", member_ids: [[0, 0, {}]], answers: [], gone: 1},
        fields
    );
    equal(Object.keys(typed).sort(), ["branch_id", "day", "member_ids", "name"], "fields that come back");
    equal(typed.branch_id, {id: 3}, "a record");
    equal(typed.day.toISODate(), "2026-11-22", "a date");
    equal(asTyped({branch_id: false, day: false}, fields), {branch_id: false, day: false}, "empty values");
}

function testStore() {
    unsavedStore.keep("amlaj.request", 7, {name: "x"});
    unsavedStore.keep("amlaj.request", false, {name: "y"});
    equal(unsavedStore.find("amlaj.request", 7).changes, {name: "x"}, "what was kept");
    unsavedStore.forget("amlaj.request", 7);
    equal(unsavedStore.find("amlaj.request", 7), null, "what was saved");
    const key = unsavedStore.key("amlaj.request", 8);
    sessionStorage.setItem(key, JSON.stringify({at: Date.now() - 13 * 3600 * 1000, changes: {}}));
    equal(unsavedStore.find("amlaj.request", 8), null, "what is too old");
    sessionStorage.setItem("other", "stays");
    unsavedStore.forgetAll();
    equal(unsavedStore.find("amlaj.request", false), null, "what a logout leaves");
    equal(sessionStorage.getItem("other"), "stays", "what belongs to others");
}

registry.category("web_tour.tours").add("amlaj_desk_units", {
    steps: () => [
        {
            trigger: ".amlaj_home",
            run() {
                testUploads();
                testDigits();
                testPhones();
                testDurations();
                testTyped();
                testStore();
            },
        },
    ],
});
