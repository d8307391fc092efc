import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";

/** The first entry: what the slip's QR holds behind the # fills the form. */
export class Entry extends Interaction {
    static selector = ".amlaj-entry";

    setup() {
        const [, login, code] = /^#(u[0-9a-f]{12})-(\d{10})$/.exec(window.location.hash) || [];
        if (login) {
            this.el.querySelector("#entry_number").value = login;
            this.el.querySelector("#entry_code").value = code;
            // the paper has said who he is: what is left to do is the password
            this.el.classList.add("amlaj-entry-by-paper");
            this.el.querySelector("#entry_password").focus();
        }
        if (window.location.hash) {
            // neither the history nor a bookmark keeps it
            window.history.replaceState(null, "", window.location.pathname);
        }
    }
}

/** A password that one chooses can be looked at. */
export class EntryPassword extends Interaction {
    static selector = ".amlaj-password";
    dynamicContent = {
        "#entry_show": {"t-on-change": (ev) => this.show(ev.target.checked)},
    };

    setup() {
        this.el.querySelector(".form-check").hidden = false;
    }

    show(isShown) {
        this.el.querySelector("input[maxlength]").type = isShown ? "text" : "password";
    }
}

registry.category("public.interactions").add("amlaj_beneficiary.entry", Entry);
registry.category("public.interactions").add("amlaj_beneficiary.entry_password", EntryPassword);
