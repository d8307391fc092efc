import {Dialog} from "@web/core/dialog/dialog";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

import {Component, onWillStart, useState} from "@odoo/owl";

/** The sensitive categories of one file, shown after the look was written to the access log. */
export class SensitiveDialog extends Component {
    static template = "amlaj_beneficiary.SensitiveDialog";
    static components = {Dialog};
    static props = {
        fileId: Number,
        noted: Array,
        mayNote: Boolean,
        close: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({categories: [], chosen: new Set(this.props.noted.map((c) => c.id))});
        onWillStart(async () => {
            this.state.categories = this.props.mayNote
                ? await this.orm.searchRead("amlaj.beneficiary.category", [["is_sensitive", "=", true]], ["name"])
                : this.props.noted;
        });
    }

    onToggle(id) {
        const {chosen} = this.state;
        chosen.has(id) ? chosen.delete(id) : chosen.add(id);
    }

    async onSave() {
        await this.orm.call("amlaj.beneficiary", "action_set_sensitive_categories", [
            [this.props.fileId],
            [...this.state.chosen],
        ]);
        this.props.close();
    }
}

export class Sensitive extends Component {
    static template = "amlaj_beneficiary.Sensitive";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.dialog = useService("dialog");
        onWillStart(async () => {
            const roles = ["researcher", "manager"].map((role) => user.hasGroup(`amlaj_beneficiary.group_${role}`));
            this.mayNote = (await Promise.all(roles)).some(Boolean);
        });
    }

    async onShow() {
        const fileId = this.props.record.resId;
        const noted = await this.orm.call("amlaj.beneficiary", "action_reveal", [[fileId], "sensitive_categories"]);
        this.dialog.add(SensitiveDialog, {fileId, noted, mayNote: this.mayNote});
    }
}

registry.category("view_widgets").add("amlaj_sensitive", {component: Sensitive});
