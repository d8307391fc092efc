import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";

/** The first entry: what the slip's QR holds behind the # fills the form, and the password can be looked at. */
export class Entry extends Interaction {
    static selector = ".amlaj-entry";
    dynamicContent = {
        "#entry_show": {"t-on-change": (ev) => this.show(ev.target.checked)},
    };

    setup() {
        const [, login, code] = /^#(u[0-9a-f]{12})-(\d{10})$/.exec(window.location.hash) || [];
        if (login) {
            this.el.querySelector("#entry_number").value = login;
            this.el.querySelector("#entry_code").value = code;
            // neither the history nor a bookmark keeps it
            window.history.replaceState(null, "", window.location.pathname);
        }
    }

    show(isShown) {
        this.el.querySelector("#entry_password").type = isShown ? "text" : "password";
    }
}

registry.category("public.interactions").add("amlaj_beneficiary.entry", Entry);
