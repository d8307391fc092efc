import {Interaction} from "@web/public/interaction";
import {_t} from "@web/core/l10n/translation";
import {handleCheckIdentity} from "@portal/interactions/portal_security";
import * as passkeys from "@auth_passkey/../lib/simplewebauthn";
import {registry} from "@web/core/registry";
import {user} from "@web/core/user";

/** Offer a passkey where the phone itself can keep one, with one tap and no name to think of. */
export class PasskeyOffer extends Interaction {
    static selector = ".amlaj-passkey-offer";
    dynamicContent = {
        button: {"t-on-click": this.make},
    };

    async willStart() {
        const can = window.PublicKeyCredential?.isUserVerifyingPlatformAuthenticatorAvailable;
        this.isPossible = Boolean(can) && (await can.call(window.PublicKeyCredential).catch(() => false));
    }

    start() {
        this.el.hidden = !this.isPossible;
        // a card that has nothing else to say comes and goes with its offer
        this.el.closest(".amlaj-passkey-card")?.toggleAttribute("hidden", !this.isPossible);
    }

    checked(call) {
        return handleCheckIdentity(this.waitFor(call), this.services.orm, this.services.dialog);
    }

    async make() {
        const {orm} = this.services;
        const error = this.el.querySelector(".amlaj-passkey-error");
        error.hidden = true;
        try {
            const action = await this.waitFor(
                this.checked(orm.call("res.users", "action_create_passkey", [user.userId]))
            );
            const registration = await this.waitFor(passkeys.startRegistration(action.context.registration));
            const [id] = await this.waitFor(orm.create("auth.passkey.key.create", [{name: _t("My phone")}]));
            await this.waitFor(this.checked(orm.call("auth.passkey.key.create", "make_key", [id, registration])));
        } catch {
            // he changed his mind, or the phone did, or the server took none
            error.textContent = _t("It was not set up. You enter with your password as before.");
            error.hidden = false;
            return;
        }
        window.location.assign("/my/security");
    }
}

/** Entering with a passkey is offered where the browser knows them. */
export class PasskeyEntry extends Interaction {
    static selector = ".amlaj-passkey-login";

    start() {
        this.el.hidden = !window.PublicKeyCredential;
    }
}

/** Remove a passkey, for instance of a phone that is lost. */
export class PasskeyRemove extends Interaction {
    static selector = ".amlaj-passkey";
    dynamicContent = {
        button: {"t-on-click": this.remove},
    };

    async remove(ev) {
        const id = Number(ev.currentTarget.dataset.passkeyId);
        const {orm, dialog} = this.services;
        await this.waitFor(
            handleCheckIdentity(this.waitFor(orm.call("auth.passkey.key", "action_delete_passkey", [id])), orm, dialog)
        );
        window.location.reload();
    }
}

registry.category("public.interactions").add("amlaj_beneficiary.passkey_offer", PasskeyOffer);
registry.category("public.interactions").add("amlaj_beneficiary.passkey_entry", PasskeyEntry);
registry.category("public.interactions").add("amlaj_beneficiary.passkey_remove", PasskeyRemove);
