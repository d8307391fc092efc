import {browser} from "@web/core/browser/browser";
import {rpcBus} from "@web/core/network/rpc";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";

const PREFIX = "amlaj.unsaved:";
const LONGEST_STAY = 12 * 60 * 60 * 1000;

/**
 * What was typed and not saved yet, kept in this tab only, for this user only: it survives the reload
 * after a session has expired, and goes after a save, a discard, at logout, and after twelve hours.
 */
export const unsavedStore = {
    sessionExpired: false,

    key(model, id) {
        return `${PREFIX}${user.userId}:${model}:${id || "new"}`;
    },

    keep(model, id, changes) {
        try {
            browser.sessionStorage.setItem(this.key(model, id), JSON.stringify({at: Date.now(), changes}));
        } catch {
            // a full or forbidden storage must not stop anybody from typing
        }
    },

    find(model, id) {
        const text = browser.sessionStorage.getItem(this.key(model, id));
        const kept = text && JSON.parse(text);
        if (kept && Date.now() - kept.at > LONGEST_STAY) {
            this.forget(model, id);
            return null;
        }
        return kept || null;
    },

    forget(model, id) {
        browser.sessionStorage.removeItem(this.key(model, id));
    },

    /** @param {(key: string) => boolean} [which] */
    forgetAll(which = () => true) {
        const {sessionStorage} = browser;
        const keys = Array.from({length: sessionStorage.length}, (_, i) => sessionStorage.key(i));
        keys.filter((key) => key.startsWith(PREFIX) && which(key)).forEach((key) => sessionStorage.removeItem(key));
    },
};

export const unsavedService = {
    start() {
        // somebody else's words do not wait for whoever logs in next
        unsavedStore.forgetAll((key) => !key.startsWith(`${PREFIX}${user.userId}:`));
        rpcBus.addEventListener("RPC:RESPONSE", ({detail}) => {
            const name = detail.error?.exceptionName;
            if (name) {
                unsavedStore.sessionExpired = name === "odoo.http.SessionExpiredException";
            }
        });
        return unsavedStore;
    },
};

registry.category("services").add("amlaj_unsaved", unsavedService);

const userMenu = registry.category("user_menuitems");
const logOutItem = userMenu.get("log_out");
userMenu.add(
    "log_out",
    (env) => {
        const item = logOutItem(env);
        return {
            ...item,
            callback() {
                unsavedStore.forgetAll();
                return item.callback();
            },
        };
    },
    {force: true}
);
