import {download} from "@web/core/network/download";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";
import {getReportUrl} from "@web/webclient/actions/reports/utils";

const PREFIX = "amlaj_beneficiary.";

/**
 * Downloads this addon's printed forms directly. They are not drawn by wkhtmltopdf, so the client
 * must neither ask for its state nor fall back to HTML where it is missing.
 *
 * @param {Object} action the report action
 * @param {Object} options
 * @param {Object} env
 * @returns {Promise<boolean>} true when the form was one of ours and has been downloaded
 */
export async function paperReportHandler(action, options, env) {
    if (action.report_type !== "qweb-pdf" || !action.report_name?.startsWith(PREFIX)) {
        return false;
    }
    const context = {...user.context, ...action.context};
    env.services.ui.block();
    try {
        await download({
            url: "/report/download",
            data: {
                data: JSON.stringify([getReportUrl(action, "pdf", context), action.report_type]),
                context: JSON.stringify(context),
            },
        });
    } finally {
        env.services.ui.unblock();
    }
    return true;
}

registry.category("ir.actions.report handlers").add("amlaj_beneficiary.paper", paperReportHandler);
