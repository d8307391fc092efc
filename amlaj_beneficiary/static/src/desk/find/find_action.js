import {registry} from "@web/core/registry";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";

import {Find} from "./find";

import {Component} from "@odoo/owl";

export class FindAction extends Component {
    static template = "amlaj_beneficiary.FindAction";
    static components = {Find, Layout};
    static props = {...standardActionServiceProps};
}

registry.category("actions").add("amlaj_beneficiary.find", FindAction);
