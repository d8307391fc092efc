import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {standardWidgetProps} from "@web/views/widgets/standard_widget_props";

import {Component, onWillStart, onWillUpdateProps, useState} from "@odoo/owl";

/** One tick for each purpose of a consent; taking a tick away withdraws the consent, and both are kept. */
export class Consents extends Component {
    static template = "amlaj_beneficiary.Consents";
    static props = {...standardWidgetProps};

    setup() {
        this.orm = useService("orm");
        this.state = useState({purposes: [], busy: false});
        onWillStart(async () => {
            const {purpose} = await this.orm.call("amlaj.consent", "fields_get", [["purpose"]], {
                attributes: ["selection"],
            });
            this.labels = purpose.selection;
            await this.load(this.props.record.resId);
        });
        onWillUpdateProps((nextProps) => {
            if (nextProps.record.resId !== this.loadedId) {
                return this.load(nextProps.record.resId);
            }
        });
    }

    async load(fileId) {
        this.loadedId = fileId;
        const given = fileId
            ? await this.orm.searchRead(
                  "amlaj.consent",
                  [
                      ["beneficiary_id", "=", fileId],
                      ["withdrawn_at", "=", false],
                  ],
                  ["purpose"]
              )
            : [];
        this.state.purposes = this.labels.map(([key, label]) => ({
            key,
            label,
            consentId: given.find((consent) => consent.purpose === key)?.id || false,
        }));
    }

    async onToggle(purpose) {
        const {record} = this.props;
        this.state.busy = true;
        try {
            if (record.isNew && !(await record.save())) {
                return;
            }
            if (purpose.consentId) {
                await this.orm.call("amlaj.consent", "action_withdraw", [[purpose.consentId]]);
            } else {
                await this.orm.create("amlaj.consent", [{beneficiary_id: record.resId, purpose: purpose.key}]);
            }
        } finally {
            this.state.busy = false;
            await this.load(record.resId);
        }
    }
}

registry.category("view_widgets").add("amlaj_consents", {component: Consents});
