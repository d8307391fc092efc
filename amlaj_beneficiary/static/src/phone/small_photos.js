import {Interaction} from "@web/public/interaction";
import {registry} from "@web/core/registry";
import {shrinkPhoto} from "./shrink_photo";

/**
 * Makes the photos that a form carries small before they are sent: a slow line carries them, and place and camera stay on
 * the phone. The form waits for it; without this script the photos go as they are, and the server takes out what they tell.
 */
export class SmallPhotos extends Interaction {
    static selector = "input.amlaj-small-photos";
    dynamicContent = {
        _root: {"t-on-change": this.onChoose},
    };

    setup() {
        this.buttons = this.el.form.querySelectorAll("button[type=submit]");
    }

    async onChoose() {
        const chosen = [...this.el.files];
        this.wait(true);
        try {
            const small = await Promise.all(chosen.map((file) => shrinkPhoto(file)));
            const files = new DataTransfer();
            small.forEach((file) => files.items.add(file));
            this.el.files = files.files;
        } finally {
            this.wait(false);
        }
    }

    wait(isWaiting) {
        this.buttons.forEach((button) => (button.disabled = isWaiting));
    }
}

registry.category("public.interactions").add("amlaj_beneficiary.small_photos", SmallPhotos);
