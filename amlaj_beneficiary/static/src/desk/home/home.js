import {registry} from "@web/core/registry";
import {useService} from "@web/core/utils/hooks";
import {Layout} from "@web/search/layout";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {Find} from "../find/find";

import {Component, onWillStart, useState} from "@odoo/owl";

/** The app's first screen: the search, and what waits for this user; each number opens its list. */
export class Home extends Component {
    static template = "amlaj_beneficiary.Home";
    static components = {Find, Layout};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({tiles: []});
        onWillStart(async () => {
            this.home = await this.orm.call("amlaj.home", "get_home", []);
            this.state.tiles = this.home.tiles;
        });
    }

    get waiting() {
        return this.state.tiles.some((tile) => tile.count);
    }

    open(tile) {
        return this.action.doAction(tile.action);
    }
}

registry.category("actions").add("amlaj_beneficiary.home", Home);
