import {FieldBook} from "./field_book";
import {LineLost, SessionEnded} from "./field_line";
import {Camera, keepScanner, latinDigits, readCode} from "./field_scan";
import {FieldStore} from "./field_store";
import {FieldParts, beside} from "./field_text";

const EVERY = 5000;
// how long the page waits for the browser to keep it
const PATIENCE = 30000;
// a phone that has nothing to send asks less often how its lists stand
const QUIET_ROUNDS = 6;

/**
 * The page of a distribution day on a volunteer's phone: his days, then one list with a camera and a box for numbers. Every text
 * stands in the page's own templates, so it is there without line, in the language of whoever opened it.
 */
export class FieldPage extends FieldParts {
    constructor(body) {
        super(body);
        this.main = body.querySelector("#field_main");
        this.book = new FieldBook(new FieldStore());
        this.days = null;
        this.open = null;
        this.error = "";
        this.message = null;
        this.round = 0;
    }

    // ------------------------------------------------------------
    // Life
    // ------------------------------------------------------------

    async start() {
        await this.book.store.open();
        await this.book.load();
        this.open = this.book.lists[0]?.id;
        this.render();
        if ("serviceWorker" in navigator) {
            navigator.serviceWorker.register("/field/sw.js", {scope: "/field"}).catch(() => {}); // without line it is there
        }
        window.addEventListener("online", () => this.connect());
        window.addEventListener("offline", () => this.lost());
        document.addEventListener("visibilitychange", () => document.hidden || this.resume());
        setInterval(() => this.tick(), EVERY);
        await this.connect();
        this.body.dataset.ready = "1";
    }

    /** A browser that keeps nothing, as a private window may, takes no list along. */
    broken() {
        this.main.replaceChildren(this.draw("error", {text: this.text("keeps_nothing")}, {}));
    }

    lost() {
        this.line = "lost";
        this.render();
    }

    /** A page that was left open for days is as old as one that is opened. */
    async resume() {
        if (!this.book.sending) {
            await this.book.load();
        }
        await this.connect();
    }

    async connect() {
        await this.reach(async () => {
            this.days = await this.book.askDays();
            await this.book.send(false);
        });
    }

    tick() {
        this.round += 1;
        const waits = this.book.ready(false).length;
        if (
            this.line !== "ended" &&
            navigator.onLine &&
            (waits || (this.book.lists.length && this.round % QUIET_ROUNDS === 0))
        ) {
            this.reach(() => (this.book.user === null ? this.connect() : this.book.send(false)));
        } else if (this.book.entries.length) {
            this.renderCounts();
        }
    }

    /** Do what needs a line, and show what became of it. */
    async reach(act) {
        try {
            await act();
            this.line = "there";
            this.error = "";
        } catch (error) {
            if (error instanceof LineLost) {
                this.line = "lost";
            } else if (error instanceof SessionEnded) {
                this.line = "ended";
            } else {
                this.error = error.message;
            }
        }
        if (!this.book.list(this.open)) {
            this.open = null;
        }
        this.render();
    }

    // ------------------------------------------------------------
    // Drawing
    // ------------------------------------------------------------

    render() {
        const typed = this.main.querySelector("#field_typed");
        const kept = typed && {value: typed.value, isFocused: typed === document.activeElement};
        if (!this.camera) {
            this.main.replaceChildren(...this.parts());
        }
        const again = this.main.querySelector("#field_typed");
        if (kept && again) {
            again.value = kept.value;
            if (kept.isFocused) {
                again.focus();
            }
        }
        this.renderCounts();
    }

    parts() {
        const list = this.book.list(this.open);
        return [...this.notes(), ...(list ? this.listParts(list) : this.dayParts())];
    }

    notes() {
        const parts = [];
        if (this.line === "ended") {
            parts.push(this.draw("ended", {}, {}));
        }
        if (this.error) {
            parts.push(this.draw("error", {text: this.error}, {}));
        }
        for (const notice of this.book.notices) {
            const dismiss = async () => {
                await this.book.dismiss(notice);
                this.render();
            };
            parts.push(this.draw("notice", notice, {dismiss}));
        }
        return parts;
    }

    dayParts() {
        const parts = [];
        const offered = this.days || [];
        for (const list of this.book.lists) {
            parts.push(this.dayPart(list.day, list));
        }
        for (const day of offered.filter(({id}) => !this.book.list(id))) {
            parts.push(this.dayPart(day, null));
        }
        if (!parts.length) {
            const name = this.days || this.line !== "lost" ? "no_days" : "no_line_no_list";
            parts.push(this.draw("plain", {text: this.text(name)}, {}));
        }
        return parts;
    }

    dayPart(day, list) {
        const acts = {
            take: (ev) => this.take(day.id, ev.target),
            open: () => {
                this.open = day.id;
                this.message = null;
                this.render();
            },
        };
        const left = list ? list.items.filter((item) => !this.book.isDone(item)).length : day.left;
        const counts = this.text("day_counts", {left, total: list ? list.items.length : day.total});
        return this.draw("day", {...day, counts, is_taken: list, is_free: !list, soon: !day.is_today}, acts);
    }

    async take(id, button) {
        button.disabled = true;
        await this.reach(async () => {
            await this.book.take(id);
            const isKept = await this.keepPage();
            this.open = id;
            this.message = {text: this.text(isKept ? "taken" : "taken_not_kept"), kind: isKept ? "good" : "bad"};
        });
    }

    /** Whether the page itself opens without line: browsers keep it only where it is served safely. */
    async keepPage() {
        if (!navigator.serviceWorker) {
            return false;
        }
        const patience = new Promise((resolve) => setTimeout(resolve, PATIENCE, false));
        const kept = Promise.all([navigator.serviceWorker.ready, keepScanner(), navigator.storage?.persist?.()]);
        return Promise.race([kept.then(() => true).catch(() => false), patience]);
    }

    listParts(list) {
        const parts = [
            this.draw("list", list.day, {
                back: () => {
                    this.open = null;
                    this.render();
                },
                scan: () => this.scan(list),
                type: (ev) => this.type(list, ev.target.value),
                finish: () => this.finish(list),
            }),
        ];
        const place = parts[0].querySelector("#field_found");
        if (this.message) {
            place.append(this.draw("message", this.message, {}));
            place.lastElementChild.dataset.kind = this.message.kind;
        }
        for (const item of this.found || []) {
            place.append(this.foundPart(list, item));
        }
        const last = this.book.last();
        if (last) {
            parts[0].querySelector("#field_last").append(this.lastPart(last));
        }
        return parts;
    }

    foundPart(list, item) {
        const values = {name: item.name, where: beside(item.number, item.place), press: this.text("press")};
        return this.draw("found", values, {deliver: () => this.deliver(list, item)});
    }

    lastPart({entry, item}) {
        const part = this.draw(
            "last",
            {who: beside(item.name, item.number)},
            {
                undo: async () => {
                    await this.book.undo(entry);
                    this.message = {text: this.text("undone", item), kind: "plain"};
                    this.render();
                },
            }
        );
        const choice = part.querySelector("#field_receivers");
        const receivers = [...(item.self ? [{id: null, name: this.text("himself")}] : []), ...item.receivers];
        choice.hidden = receivers.length < 2;
        for (const receiver of receivers) {
            const row = this.draw("receiver", receiver, {
                choose: async () => {
                    await this.book.setReceiver(this.book.entryOf(item), receiver.id);
                    this.render();
                },
            });
            row.querySelector("input").checked = receiver.id === entry.mandate;
            choice.append(row);
        }
        return part;
    }

    renderCounts() {
        const waiting = this.book.entries.length + (this.visits?.waitingCount() || 0);
        const foreign = this.book.user !== null && this.book.entries.some((entry) => entry.user !== this.book.user);
        const bar = this.body.querySelector("#field_line");
        bar.dataset.line = this.line || "";
        const name = this.line === "lost" ? "line_lost" : waiting ? "line_waiting" : "line_there";
        bar.querySelector("p").textContent = this.text(foreign ? "line_foreign" : name, {count: waiting});
        const button = this.body.querySelector("#field_send");
        button.hidden = !waiting || foreign || this.line === "ended";
        button.onclick = () => this.reach(() => this.sendAll());
        const list = this.book.list(this.open);
        const place = this.main.querySelector("#field_counts");
        if (list && place) {
            const done = list.items.filter((item) => this.book.isDone(item)).length;
            place.textContent = this.text("list_counts", {done, total: list.items.length});
        }
    }

    async sendAll() {
        if (this.book.user === null) {
            this.days = await this.book.askDays();
        }
        await this.book.send(true);
        await this.visits?.connect();
    }

    // ------------------------------------------------------------
    // Handing over
    // ------------------------------------------------------------

    type(list, value) {
        const digits = latinDigits(value);
        this.found = [];
        this.message = null;
        if (digits.replace(/\D/g, "").length >= 4) {
            const found = this.book.find(list, digits);
            this.found = found.filter((item) => !this.book.isDone(item) && !item.blocked);
            if (!this.found.length) {
                this.message = found.length ? this.whyNot(found[0]) : {text: this.text("not_found"), kind: "bad"};
            }
        }
        this.render();
    }

    whyNot(item) {
        const hour = this.book.hourOf(item);
        return this.book.isDone(item)
            ? {text: this.text("already", {number: item.number, hour}), kind: "bad"}
            : {text: this.text("blocked", item), kind: "bad"};
    }

    async scan(list) {
        if (this.camera) {
            return;
        }
        this.message = null;
        this.found = [];
        const place = this.main.querySelector("#field_camera");
        const part = this.draw("camera", {}, {stop: () => this.camera.stop()});
        this.camera = new Camera(part.querySelector("video"));
        place.replaceChildren(part);
        let text = null;
        try {
            text = await this.camera.read();
        } catch {
            this.message = {text: this.text("no_camera"), kind: "bad"};
        }
        this.camera = null;
        await this.scanned(list, text);
    }

    /** Take what a square says; one scan is one hand-over. */
    async scanned(list, text) {
        const code = text && readCode(text);
        const found = code && this.book.findScanned(code, list);
        if (text && !code) {
            this.message = {text: this.text("unreadable"), kind: "bad"};
        } else if (code && !found) {
            this.message = {text: this.text("not_listed", {number: code.number || code.file}), kind: "bad"};
        } else if (found && found.list !== list) {
            const {place, date} = found.list.day;
            this.message = {text: this.text("other_day", {number: found.item.number, place, date}), kind: "bad"};
        } else if (found && (this.book.isDone(found.item) || found.item.blocked)) {
            // one scan is one hand-over; what else there is for the same request is offered, not taken
            this.message = this.whyNot(found.item);
            this.found = this.book.others(list, found.item);
        } else if (found) {
            await this.deliver(list, found.item);
            return;
        }
        this.render();
    }

    async deliver(list, item) {
        if (!this.book.isDone(item)) {
            await this.book.record(list, item);
            navigator.vibrate?.(60);
        }
        this.found = [];
        this.message = null;
        const typed = this.main.querySelector("#field_typed");
        if (typed) {
            typed.value = "";
        }
        this.render();
        window.scrollTo(0, 0);
    }

    async finish(list) {
        if (this.book.entries.some((entry) => entry.day === list.id)) {
            this.message = {text: this.text("finish_waits"), kind: "bad"};
        } else if (window.confirm(this.text("finish_sure"))) {
            await this.book.erase(list);
            this.open = null;
        }
        this.render();
    }
}
