import {latinDigits} from "./field_scan";
import {beside} from "./field_text";

/** A number as people type it, or null. */
function readNumber(text) {
    const clean = latinDigits(text)
        .replace(/[٬,\s]/g, "")
        .replace("٫", ".");
    return /^\d+(\.\d+)?$/.test(clean) ? Number(clean) : null;
}

/** The short form of one visit: whatever is typed is kept at once, so closing the browser loses nothing. */
export class VisitForm {
    constructor(page, visit) {
        this.page = page;
        this.book = page.book;
        this.visit = visit;
        this.form = this.book.start(visit);
    }

    get answers() {
        return this.form.answers;
    }

    part() {
        const {visit} = this;
        const values = {
            name: beside(visit.at, visit.name),
            where: beside(visit.number, visit.place),
            study: visit.study,
        };
        const part = this.page.draw("visit_form", values, {
            done: () => this.finish("done"),
            fail: () => this.finish("failed"),
            back: () => this.page.back(),
            place: (ev) => this.place(ev.target),
            photo: (ev) => this.photo(ev.target),
        });
        this.root = part.firstElementChild;
        for (const node of this.root.querySelectorAll("[data-field]")) {
            this.bind(node);
        }
        for (const node of this.root.querySelectorAll("[data-lines]")) {
            this.bindLines(node);
        }
        this.root.querySelector("[name=place]").checked = Boolean(this.answers.position);
        this.showPhotos();
        return part;
    }

    bind(node) {
        const {field} = node.dataset;
        node.value = this.answers[field] ?? "";
        node.addEventListener("input", () => {
            const value = "number" in node.dataset ? readNumber(node.value) : node.value;
            this.keep(field, value || undefined);
            node.setAttribute(
                "aria-invalid",
                String("number" in node.dataset && Boolean(node.value) && value === null)
            );
        });
    }

    keep(field, value) {
        if (value === undefined) {
            delete this.answers[field];
        } else {
            this.answers[field] = value;
        }
        return this.book.save(this.form);
    }

    // ------------------------------------------------------------
    // Lines: a kind or a word, and a number
    // ------------------------------------------------------------

    bindLines(node) {
        const {lines} = node.dataset;
        const [what, number] = node.querySelectorAll("[data-what], [data-amount]");
        node.querySelector("[data-add]").addEventListener("click", () => {
            const amount = number.value ? readNumber(number.value) : lines === "needs" ? 1 : null;
            number.setAttribute("aria-invalid", String(amount === null));
            if (amount === null || !what.value.trim()) {
                return;
            }
            const others = (this.answers[lines] || []).filter(([kind]) => kind !== what.value);
            this.keep(lines, [...others, [what.value.trim(), amount]]);
            what.value = "";
            number.value = "";
            this.showLines(node);
        });
        this.showLines(node);
    }

    showLines(node) {
        const {lines} = node.dataset;
        const place = node.querySelector("[data-list]");
        place.replaceChildren();
        for (const line of this.answers[lines] || []) {
            const option = [...node.querySelectorAll("option")].find((one) => one.value === line[0]);
            const text = beside(option ? option.textContent : line[0], String(line[1]));
            const remove = () => {
                const left = this.answers[lines].filter((one) => one !== line);
                this.keep(lines, left.length ? left : undefined);
                this.showLines(node);
            };
            place.append(this.page.draw("visit_line", {text}, {remove}));
        }
    }

    // ------------------------------------------------------------
    // Photos, place, end
    // ------------------------------------------------------------

    async photo(input) {
        for (const file of input.files) {
            await this.book.addPhoto(this.form, input.dataset.kind, file);
        }
        input.value = "";
        this.showPhotos();
    }

    showPhotos() {
        const place = this.root.querySelector("#field_visit_photos");
        place.replaceChildren();
        for (const photo of this.book.photos.filter((one) => one.visit === this.visit.id)) {
            const remove = async () => {
                await this.book.dropPhoto(photo);
                this.showPhotos();
            };
            const part = this.page.draw("visit_photo", {}, {remove});
            part.querySelector("img").src = `data:image/jpeg;base64,${photo.data}`;
            place.append(part);
        }
    }

    /** The position, asked of the phone only when the person of the house agreed. */
    place(box) {
        if (!box.checked || !navigator.geolocation) {
            this.keep("position", undefined);
            box.checked = false;
            return;
        }
        navigator.geolocation.getCurrentPosition(
            ({coords}) => this.keep("position", {consent: true, lat: coords.latitude, lon: coords.longitude}),
            () => {
                box.checked = false;
                this.say("visit_no_place");
            },
            {timeout: 15000, maximumAge: 60000}
        );
    }

    say(name) {
        const place = this.root.querySelector("#field_visit_message");
        place.replaceChildren(this.page.draw("error", {text: this.page.text(name)}, {}));
        place.scrollIntoView({block: "center"});
    }

    async finish(state) {
        if (this.root.querySelector("[aria-invalid=true]")) {
            this.say("visit_number");
        } else if (state === "failed" && !(this.answers.reason || "").trim()) {
            this.root.querySelector("[data-reason]").hidden = false;
            this.say("visit_reason");
        } else {
            await this.book.close(this.form, state);
            this.page.back(this.page.text("visit_kept"));
        }
    }
}
