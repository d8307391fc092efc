import {registry} from "@web/core/registry";
import {KeepLast} from "@web/core/utils/concurrency";
import {useAutofocus, useService} from "@web/core/utils/hooks";
import {useDebounced} from "@web/core/utils/timing";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

import {Component, onWillStart, useState} from "@odoo/owl";

const DELAY = 200;

/** The employee's tools on one screen: documents in force, ready answers, common notions and the services. */
export class Tools extends Component {
    static template = "amlaj_beneficiary.Tools";
    static components = {Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.input = useAutofocus({refName: "input", mobile: false});
        this.keepLast = new KeepLast();
        this.state = useState({text: "", tools: null});
        this.search = useDebounced(() => this.load(), DELAY);
        onWillStart(() => this.load());
    }

    get contactId() {
        return this.props.action.context?.amlaj_interaction_id || false;
    }

    async load() {
        this.state.tools = await this.keepLast.add(
            this.orm.silent.call("amlaj.desk", "get_tools", [this.state.text, this.contactId])
        );
    }

    onInput(ev) {
        this.state.text = ev.target.value;
        this.search();
    }

    /** Call a method of one record, and do what it answers. */
    async run(model, method, args) {
        const action = await this.orm.call(model, method, args);
        if (action) {
            await this.action.doAction(action);
        }
    }

    answered(faq, method) {
        return this.run("amlaj.faq", method, [[faq.id]]);
    }

    heard(notion) {
        return this.run("amlaj.notion", "action_heard", [[notion.id]]);
    }

    send(faq) {
        return this.run("amlaj.interaction", "action_send_answer", [[this.contactId], faq.id]);
    }

    openDocument(document) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "amlaj.guide",
            res_id: document.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("amlaj_beneficiary.tools", Tools);
