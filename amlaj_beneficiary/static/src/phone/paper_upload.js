import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {Interaction} from "@web/public/interaction";
import {shrinkPhoto} from "./shrink_photo";

const TRIES = 6;
const MEGABYTE = 1024 * 1024;
// answers after which the same photo may arrive at another try
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

class LineLost extends Error {}

/**
 * Sends the photos of a paper one by one as they are chosen: made small, with progress, again after a lost line. The
 * server keeps what is the same once, so a photo whose answer was lost is not there twice. Without this script the form is
 * posted as it is.
 */
export class PaperUpload extends Interaction {
    static selector = ".amlaj-paper";
    dynamicContent = {
        "input[type='file']": {"t-on-change": this.onChoose},
        _window: {"t-on-beforeunload": this.onLeave},
    };

    setup() {
        this.form = this.el.querySelector(".amlaj-paper-form");
        this.waiting = 0;
        this.line = Promise.resolve();
    }

    /** Whoever leaves while a photo is on its way is asked first. */
    onLeave(ev) {
        if (this.waiting) {
            ev.preventDefault();
        }
    }

    onChoose(ev) {
        const files = [...ev.target.files];
        ev.target.value = ""; // what is sent here is not posted again with the form
        for (const file of files) {
            this.enqueue(file);
        }
    }

    enqueue(file) {
        this.waiting += 1;
        const item = this.addItem(file);
        this.line = this.line.then(() => this.sendFile(file, item)).finally(() => (this.waiting -= 1));
    }

    addItem(file) {
        const item = document.createElement("li");
        const name = document.createElement("bdi");
        name.textContent = file.name;
        const bar = document.createElement("progress");
        bar.max = 100;
        bar.value = 0;
        bar.setAttribute("aria-label", file.name);
        const text = document.createElement("p");
        text.className = "mb-1";
        item.append(name, bar, text);
        this.el.querySelector(".amlaj-paper-queue").append(item);
        return {item, bar, text};
    }

    async sendFile(file, {item, bar, text}) {
        text.textContent = _t("Preparing the photo…");
        const small = await shrinkPhoto(file);
        const limit = Number(this.el.dataset.limitMb);
        if (small.size > limit * MEGABYTE) {
            this.fail(
                text,
                _t("This file has %(size)s MB; at most %(limit)s MB can be sent.", {
                    size: (small.size / MEGABYTE).toFixed(1),
                    limit,
                })
            );
            return;
        }
        try {
            const answer = await this.insist(small, bar, text);
            if (answer.error) {
                this.fail(text, answer.error);
                return;
            }
            item.remove();
            this.show(answer.html);
        } catch (error) {
            this.fail(
                text,
                error instanceof LineLost
                    ? _t("The line was lost. The photo was not sent yet.")
                    : _t("The photo could not be sent. Please open this page again.")
            );
            this.offerAgain(file, item);
        }
    }

    fail(text, message) {
        text.textContent = message;
        text.className = "text-danger";
        text.setAttribute("role", "alert");
        text.parentElement.querySelector("progress")?.remove();
    }

    offerAgain(file, item) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-outline-primary";
        button.textContent = _t("Send it again");
        this.addListener(button, "click", () => {
            item.remove();
            this.enqueue(file);
        });
        item.append(button);
    }

    /** How the paper stands now, as the server draws it. */
    show(html) {
        const page = new DOMParser().parseFromString(html, "text/html");
        this.el.querySelector(".amlaj-paper-state").replaceChildren(...page.body.childNodes);
        this.el.querySelector(".amlaj-paper-error").hidden = true;
    }

    /** Post one file until it arrives; between two tries it waits longer and longer, or for the line to come back. */
    async insist(file, bar, text) {
        for (let attempt = 0; ; attempt++) {
            text.textContent = attempt ? _t("The line was lost; sending again…") : _t("Sending…");
            try {
                return await this.post(file, bar);
            } catch (error) {
                if (!(error instanceof LineLost) || attempt + 1 >= TRIES) {
                    throw error;
                }
                await this.waitForLine(500 * 2 ** attempt);
            }
        }
    }

    waitForLine(milliseconds) {
        return new Promise((resolve) => {
            const timer = setTimeout(resolve, milliseconds);
            window.addEventListener(
                "online",
                () => {
                    clearTimeout(timer);
                    resolve();
                },
                {once: true}
            );
        });
    }

    post(file, bar) {
        const body = new FormData();
        body.append("csrf_token", this.form.elements.csrf_token.value);
        body.append("files", file, file.name);
        return new Promise((resolve, reject) => {
            const call = new XMLHttpRequest();
            call.open("POST", this.form.action);
            call.setRequestHeader("Accept", "application/json");
            call.responseType = "json";
            call.timeout = 120000;
            call.upload.onprogress = (ev) => {
                bar.value = ev.lengthComputable ? (100 * ev.loaded) / ev.total : bar.value;
            };
            call.onload = () => {
                if (call.status === 200 && call.response) {
                    resolve(call.response);
                } else {
                    reject(PASSING.has(call.status) ? new LineLost() : new Error("refused"));
                }
            };
            call.onerror = call.ontimeout = () => reject(new LineLost());
            call.send(body);
        });
    }
}

registry.category("public.interactions").add("amlaj_beneficiary.paper_upload", PaperUpload);
