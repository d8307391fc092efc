import {LineLost, SessionEnded} from "./field_line";
import {FieldParts, beside} from "./field_text";
import {VisitBook} from "./visit_book";
import {VisitForm} from "./visit_form";

const EVERY = 5000;

/**
 * The visits of the day on the phone of a researcher or a representative, above the lists of distribution days: take the day
 * along, open a visit, type, close it. Without visits it shows nothing.
 */
export class VisitPage extends FieldParts {
    constructor(body, lists) {
        super(body);
        this.root = body.querySelector("#field_visits");
        this.lists = lists;
        this.others = lists.main;
        this.book = new VisitBook(lists.book.store);
        this.count = 0;
        this.open = null;
        this.message = "";
    }

    async start() {
        await this.book.load();
        this.render();
        window.addEventListener("online", () => this.connect());
        window.addEventListener("offline", () => this.lost());
        document.addEventListener("visibilitychange", () => document.hidden || this.resume());
        setInterval(() => this.tick(), EVERY);
        await this.connect();
        this.root.dataset.ready = "1";
    }

    lost() {
        this.line = "lost";
        this.render();
    }

    /** A page left open for days is as old as one that is opened; what is being typed is not taken from the hands. */
    async resume() {
        if (!this.open) {
            await this.book.load();
        }
        await this.connect();
    }

    tick() {
        const {forms, photos} = this.book.ready();
        if (navigator.onLine && this.line !== "ended" && (forms.length || photos.length || this.book.user === null)) {
            this.connect();
        }
    }

    async connect() {
        if (this.connecting) {
            return;
        }
        this.connecting = true;
        await this.reach(async () => {
            this.count = await this.book.askCount();
            await this.book.send();
        });
        this.connecting = false;
    }

    /** Do what needs a line, and show what became of it. */
    async reach(act) {
        try {
            await act();
            this.line = "there";
        } catch (error) {
            if (error instanceof LineLost) {
                this.line = "lost";
            } else if (error instanceof SessionEnded) {
                this.line = "ended";
            } else {
                this.message = error.message;
            }
        }
        this.render();
    }

    // ------------------------------------------------------------
    // Drawing
    // ------------------------------------------------------------

    waitingCount() {
        const photos = this.book.photos.filter((photo) => !this.book.formOf(photo.visit));
        return this.book.waiting().length + photos.length;
    }

    render() {
        this.lists.renderCounts();
        if (this.open) {
            return; // nobody's typing is drawn anew
        }
        this.others.hidden = false;
        const {visits, forms, photos} = this.book;
        const isEmpty = !visits.length && !forms.length && !photos.length && !this.count;
        this.root.hidden = isEmpty;
        if (isEmpty) {
            this.root.replaceChildren();
            return;
        }
        this.root.replaceChildren(...this.parts());
    }

    parts() {
        const waiting = this.waitingCount();
        const values = {
            counts: this.text("visit_counts", {count: Math.max(this.count, this.book.visits.length)}),
            waiting: waiting ? this.text("visit_waiting", {count: waiting}) : "",
            message: this.message,
            may_take: this.count && this.line === "there",
        };
        const head = this.draw("visits", values, {take: (ev) => this.take(ev.target)});
        const list = head.querySelector("#field_visit_list");
        for (const visit of [...this.book.visits].sort((one, other) => one.at.localeCompare(other.at))) {
            list.append(this.visitPart(visit));
        }
        for (const form of this.book.forms.filter((one) => one.refused)) {
            list.append(this.refusedPart(form));
        }
        return [head];
    }

    visitPart(visit) {
        const form = this.book.formOf(visit.id);
        const state = form?.refused ? "" : form?.state ? "visit_closed" : form ? "visit_typed" : "";
        const values = {
            name: beside(visit.at, visit.name),
            where: beside(visit.number, visit.place),
            state: state && this.text(state),
            may_open: !form?.state,
        };
        return this.draw("visit", values, {open: () => this.show(visit)});
    }

    refusedPart(form) {
        const typed = Object.entries(form.answers).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
        const visit = this.book.visit(form.visit);
        return this.draw(
            "visit_refused",
            {text: form.refused, typed: typed.join("\n"), may_again: visit},
            {
                again: async () => {
                    await this.book.reopen(form);
                    this.show(visit);
                },
                discard: async () => {
                    if (window.confirm(this.text("visit_discard"))) {
                        await this.book.discard(form);
                        this.render();
                    }
                },
            }
        );
    }

    // ------------------------------------------------------------
    // Acting
    // ------------------------------------------------------------

    async take(button) {
        button.disabled = true;
        await this.reach(async () => {
            await this.book.take();
            const isKept = await this.lists.keepPage();
            this.message = this.text(isKept ? "visit_taken" : "taken_not_kept");
        });
    }

    show(visit) {
        this.open = visit;
        this.message = "";
        this.others.hidden = true;
        const form = new VisitForm(this, visit);
        this.root.replaceChildren(form.part());
        window.scrollTo(0, 0);
    }

    back(message = "") {
        this.open = null;
        this.message = message;
        this.render();
        window.scrollTo(0, 0);
        this.tick();
    }
}
