import {browser} from "@web/core/browser/browser";
import {Dialog} from "@web/core/dialog/dialog";
import {_t} from "@web/core/l10n/translation";
import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {useRecordObserver} from "@web/model/relational_model/utils";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

import {Component, onMounted, onWillUnmount, useState} from "@odoo/owl";

const ASK_AGAIN = 4000;

/** A QR code that any phone or tablet opens; it goes away by itself once the person has signed. */
export class SignLinkDialog extends Component {
    static template = "amlaj_beneficiary.SignLinkDialog";
    static components = {Dialog};
    static props = {link: Object, isSigned: Function, close: Function};

    setup() {
        // the message of the bus comes at once; where no bus runs, asking now and then does the same
        onMounted(() => (this.timer = setInterval(() => this.ask(), ASK_AGAIN)));
        onWillUnmount(() => clearInterval(this.timer));
    }

    get validity() {
        return _t("The code is valid for %s minutes.", this.props.link.minutes);
    }

    async ask() {
        if (await this.props.isSigned()) {
            this.props.close();
        }
    }
}

/** What is sent to a person who signs at home, and the code that is told apart from it. */
export class SignHomeDialog extends Component {
    static template = "amlaj_beneficiary.SignHomeDialog";
    static components = {Dialog};
    static props = {link: Object, close: Function};

    setup() {
        this.notification = useService("notification");
    }

    get validity() {
        return _t("Link and code are valid for %s hours.", this.props.link.hours);
    }

    async onCopy() {
        await browser.navigator.clipboard.writeText(this.props.link.text);
        this.notification.add(_t("Copied"), {type: "success"});
    }
}

/** Other ways of signing: a thumbprint before a witness, or the guardian. */
export class SignOtherDialog extends Component {
    static template = "amlaj_beneficiary.SignOtherDialog";
    static components = {Dialog};
    static props = {name: String, sign: Function, close: Function};

    setup() {
        this.state = useState({method: "thumbprint", name: this.props.name, witness: ""});
    }

    async onSign() {
        await this.props.sign(this.state.method, this.state.name, this.state.witness);
        this.props.close();
    }
}

/** The declaration's corner: its text, who signed it, and the ways to sign it at the desk. */
export class Signing extends Component {
    static template = "amlaj_beneficiary.Signing";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        this.busService = useService("bus_service");
        this.state = useState({text: "", name: "", signed: false});
        const onSigned = ({request_id}) => request_id === this.record.resId && this.reload();
        // a signature comes, and a change of what was declared voids it: both change these values
        useRecordObserver((record) => {
            this.seen = [record.resId, record.data.missing, record.data.declaration_ids?.count];
            return this.load(record);
        });
        onMounted(() => this.busService.subscribe("amlaj_signed", onSigned));
        onWillUnmount(() => this.busService.unsubscribe("amlaj_signed", onSigned));
    }

    get record() {
        return this.props.record;
    }

    get maySign() {
        return (this.record.data.allowed_actions || "").includes(",sign,");
    }

    async load(record) {
        if (record.resId) {
            const signing = await this.orm.silent.call("amlaj.request", "get_signing", [[record.resId]]);
            const name = this.state.name && this.loadedId === record.resId ? this.state.name : signing.name;
            this.loadedId = record.resId;
            Object.assign(this.state, signing, {name});
        }
    }

    async reload() {
        this.closeLink?.();
        await this.record.load();
        await this.load(this.record);
    }

    async sign(method, name, witness) {
        if (!(await this.record.save())) {
            return;
        }
        await this.orm.call("amlaj.request", "action_sign", [[this.record.resId], method], {
            name,
            witness: witness || false,
        });
        await this.reload();
    }

    onPaper() {
        return this.sign("paper", this.state.name);
    }

    onOther() {
        this.dialog.add(SignOtherDialog, {name: this.state.name, sign: this.sign.bind(this)});
    }

    async onHome() {
        if (!(await this.record.save())) {
            return;
        }
        const link = await this.orm.call("amlaj.request", "action_open_home_link", [[this.record.resId]]);
        this.dialog.add(SignHomeDialog, {link}, {onClose: () => this.reload()});
    }

    async onScreen() {
        if (!(await this.record.save())) {
            return;
        }
        const id = this.record.resId;
        const link = await this.orm.call("amlaj.request", "action_open_signature_link", [[id]]);
        this.closeLink = this.dialog.add(
            SignLinkDialog,
            {
                link,
                isSigned: async () =>
                    Boolean((await this.orm.silent.call("amlaj.request", "get_signing", [[id]])).signed),
            },
            {
                onClose: () => {
                    this.closeLink = null;
                    return this.reload();
                },
            }
        );
    }
}

registry.category("view_widgets").add("amlaj_signing", {
    component: Signing,
    fieldDependencies: [{name: "allowed_actions", type: "char"}],
});
