import {_t} from "@web/core/l10n/translation";
import {KeepLast} from "@web/core/utils/concurrency";
import {useAutofocus, useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";

import {Component, onWillStart, useState} from "@odoo/owl";
import {shownPhone} from "../fields/phone_field";

const DELAY = 200;

/** Search first: one box for a name in any spelling, a file number, an identity number or a phone. */
export class Find extends Component {
    static template = "amlaj_beneficiary.Find";
    static props = {rights: {type: Object, optional: true}};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.input = useAutofocus({refName: "input", mobile: false});
        this.keepLast = new KeepLast();
        this.state = useState({text: "", found: [], elsewhere: [], active: 0, asked: ""});
        this.search = useDebounced(() => this.searchNow(), DELAY);
        onWillStart(async () => {
            this.rights = this.props.rights || (await this.orm.call("amlaj.home", "get_find", []));
        });
    }

    get isAnswered() {
        return this.state.asked !== "" && this.state.asked === this.state.text.trim();
    }

    shownPhone(row) {
        return shownPhone(row.phone);
    }

    elsewhereText(row) {
        return _t("There is a file with this number at %s. Please ask that office.", row.branch);
    }

    onInput(ev) {
        this.state.text = ev.target.value;
        this.search();
    }

    async searchNow() {
        const text = this.state.text.trim();
        if (text === this.state.asked) {
            return;
        }
        const rows = text
            ? await this.keepLast.add(this.orm.silent.call("amlaj.beneficiary", "find", [text]))
            : await this.keepLast.add(Promise.resolve([]));
        this.state.found = rows.filter((row) => !row.elsewhere);
        this.state.elsewhere = rows.filter((row) => row.elsewhere);
        this.state.active = 0;
        this.state.asked = text;
    }

    async onKeydown(ev) {
        const last = this.state.found.length - 1;
        if (ev.key === "ArrowDown") {
            this.state.active = Math.min(this.state.active + 1, last);
        } else if (ev.key === "ArrowUp") {
            this.state.active = Math.max(this.state.active - 1, 0);
        } else if (ev.key === "Escape") {
            this.state.text = "";
            this.search();
        } else if (ev.key === "Enter") {
            await this.searchNow();
            if (this.state.found.length) {
                this.openFile(this.state.found[this.state.active]);
            } else if (this.state.asked && this.rights.may_create && !this.state.elsewhere.length) {
                this.newFile();
            }
        } else {
            return;
        }
        ev.preventDefault();
    }

    openFile(row) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "amlaj.beneficiary",
            res_id: row.id,
            views: [[false, "form"]],
        });
    }

    async newFile() {
        const defaults = await this.orm.call("amlaj.beneficiary", "find_defaults", [this.state.text]);
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "amlaj.beneficiary",
            views: [[false, "form"]],
            context: defaults,
        });
    }

    newRequest(row) {
        return this.action.doAction("amlaj_beneficiary.amlaj_request_action_new", {
            additionalContext: {default_beneficiary_id: row.id},
        });
    }

    newContact(context) {
        return this.action.doAction("amlaj_beneficiary.amlaj_interaction_action_new", {additionalContext: context});
    }
}
