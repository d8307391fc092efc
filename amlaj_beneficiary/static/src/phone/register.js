import {Interaction} from "@web/public/interaction";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";

/** The registration by short steps; what the server judges it judges at the end, and the first fault is shown. */
export class Register extends Interaction {
    static selector = ".amlaj-register";
    dynamicContent = {
        ".amlaj-register-next": {"t-on-click": () => this.next()},
        ".amlaj-register-back": {"t-on-click": () => this.show(this.at - 1)},
        _root: {"t-on-submit": this.onSubmit},
    };

    setup() {
        this.steps = [...this.el.querySelectorAll(".amlaj-register-step")];
        this.submit = this.el.querySelector("button[type=submit]");
        this.nextButton = this.button("btn-primary amlaj-register-next", _t("Next"));
        this.backButton = this.button("btn-outline-secondary amlaj-register-back mt-2", _t("Back"));
        this.progress = document.createElement("p");
        this.progress.className = "form-text";
        this.progress.setAttribute("role", "status");
        this.insert(this.progress, this.el, "afterbegin");
        const faulty = this.steps.findIndex((step) => step.querySelector("[role=alert]"));
        this.show(Math.max(faulty, 0), faulty >= 0);
    }

    button(classes, text) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = `btn btn-lg w-100 ${classes}`;
        button.textContent = text;
        this.insert(button, this.el);
        return button;
    }

    show(at, isFocused = true) {
        this.at = at;
        this.steps.forEach((step, rank) => (step.hidden = rank !== at));
        const isLast = at === this.steps.length - 1;
        this.submit.hidden = !isLast;
        this.nextButton.hidden = isLast;
        this.backButton.hidden = at === 0;
        this.progress.textContent = _t("Step %(at)s of %(count)s", {at: at + 1, count: this.steps.length});
        if (isFocused) {
            const faulty = this.steps[at].querySelector("[aria-invalid=true]");
            (faulty || this.steps[at].querySelector("input")).focus();
            window.scrollTo({top: 0});
        }
    }

    /** What is empty is said by the browser, in its own words. */
    isFilled() {
        return [...this.steps[this.at].querySelectorAll("input, select")].every((field) => field.reportValidity());
    }

    next() {
        if (this.isFilled()) {
            this.show(this.at + 1);
        }
    }

    onSubmit(ev) {
        if (this.submit.hidden) {
            // the key for a new line was pressed in an earlier step
            ev.preventDefault();
            this.next();
        } else if (!this.isFilled()) {
            ev.preventDefault();
        } else {
            this.submit.disabled = true;
        }
    }
}

registry.category("public.interactions").add("amlaj_beneficiary.register", Register);
