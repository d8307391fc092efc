import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";

/** Following a request: what a paper's QR holds behind the # fills the form and sends it. */
export class Follow extends Interaction {
    static selector = ".amlaj-follow";

    start() {
        const [, number, code] = /^#(\d{2}-\d{1,10})-(\d{10})$/.exec(window.location.hash) || [];
        if (window.location.hash) {
            // neither the history nor a bookmark keeps it
            window.history.replaceState(null, "", window.location.pathname);
        }
        if (number) {
            this.el.querySelector("#follow_number").value = number;
            this.el.querySelector("#follow_code").value = code;
            this.el.requestSubmit();
        }
    }
}

registry.category("public.interactions").add("amlaj_beneficiary.follow", Follow);
