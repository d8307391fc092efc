import {registry} from "@web/core/registry";

const LONG_ENOUGH = 10000;

/** Say that an attempt to reach somebody was noted, with a way back from a mistaken tap. */
async function noted(env, action) {
    const {message, undo, ids} = action.params;
    const {action: actions, notification, orm} = env.services;
    const takeBack = async () => {
        close();
        await orm.call("amlaj.message", "action_withdraw_attempt", [ids]);
        await actions.doAction("soft_reload");
    };
    const close = notification.add(message, {
        type: "success",
        autocloseDelay: LONG_ENOUGH,
        buttons: [{name: undo, onClick: takeBack}],
    });
    return {type: "ir.actions.act_window_close"};
}

registry.category("actions").add("amlaj_noted", noted);
