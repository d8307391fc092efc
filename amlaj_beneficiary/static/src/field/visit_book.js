import {shrinkPhoto} from "@amlaj_beneficiary/phone/shrink_photo";
import {newKey} from "./field_book";
import {ask, LineLost} from "./field_line";

function asBase64(blob) {
    return new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result.split(",")[1]);
        reader.onerror = () => reject(reader.error);
        reader.readAsDataURL(blob);
    });
}

/**
 * The visits that this phone took along, the forms that are typed and the photos: kept in the store at each letter, sent once
 * there is a line, erased once they have arrived. A form holds no name; the server decides, and its answer counts.
 */
export class VisitBook {
    constructor(store) {
        this.store = store;
        this.visits = [];
        this.forms = [];
        this.photos = [];
        this.user = null;
        this.line = Promise.resolve();
    }

    async load() {
        await this.store.eraseOld(Date.now());
        this.visits = await this.store.all("visits");
        this.forms = await this.store.all("forms");
        this.photos = await this.store.all("photos");
    }

    visit(id) {
        return this.visits.find((visit) => visit.id === id);
    }

    formOf(id) {
        return this.forms.find((form) => form.visit === id);
    }

    waiting() {
        return this.forms.filter((form) => form.state && !form.refused);
    }

    // ------------------------------------------------------------
    // Taking along
    // ------------------------------------------------------------

    /** Who asks, and how many visits he has today; what another user left in this phone is erased, but for what waits. */
    async askCount() {
        const {user, count} = await ask("/field/visits");
        this.user = user;
        if (this.visits.some((visit) => visit.user !== user)) {
            await this.store.eraseNames();
            await this.load();
        }
        return count;
    }

    async take() {
        const {user, visits} = await ask("/field/visits/take");
        this.user = user;
        // what was moved to another day leaves the phone, unless something is typed for it
        for (const old of this.visits.filter(({id}) => !this.formOf(id) && !visits.some((one) => one.id === id))) {
            await this.store.remove("visits", old.id);
        }
        for (const visit of visits) {
            await this.store.put("visits", {...visit, user, taken_at: Date.now()});
        }
        await this.load();
    }

    // ------------------------------------------------------------
    // Typing
    // ------------------------------------------------------------

    start(visit) {
        let form = this.formOf(visit.id);
        if (!form) {
            form = {
                key: newKey(),
                visit: visit.id,
                user: visit.user,
                started_at: Date.now(),
                at: 0,
                state: "",
                answers: {},
            };
            this.forms.push(form);
        }
        return form;
    }

    /** Keep the form as it stands; each write waits for the one before, so that the last letter wins. */
    save(form) {
        this.saving = (this.saving || Promise.resolve()).then(() => this.store.put("forms", {...form}));
        return this.saving;
    }

    async close(form, state) {
        form.state = state;
        form.at = Date.now();
        await this.save(form);
    }

    async addPhoto(form, kind, file) {
        const data = await asBase64(await shrinkPhoto(file));
        const photo = {key: newKey(), visit: form.visit, user: form.user, kind, data};
        await this.store.put("photos", photo);
        this.photos.push(photo);
        await this.save(form);
    }

    async dropPhoto(photo) {
        this.photos = this.photos.filter((one) => one !== photo);
        await this.store.remove("photos", photo.key);
    }

    async drop(form) {
        this.forms = this.forms.filter((one) => one !== form);
        await this.store.remove("forms", form.key);
    }

    // ------------------------------------------------------------
    // Sending
    // ------------------------------------------------------------

    /** What of this user waits for a line: closed forms, and photos whose form has arrived. */
    ready() {
        const mine = (one) => one.user === this.user;
        const photos = this.photos.filter((photo) => mine(photo) && !this.formOf(photo.visit));
        return {forms: this.waiting().filter(mine), photos};
    }

    async send() {
        this.line = this.line.catch(() => {}).then(() => this.sendOnce());
        await this.line;
    }

    async sendOnce() {
        if (!navigator.onLine) {
            throw new LineLost();
        }
        for (const form of this.ready().forms) {
            await this.sendForm(form);
        }
        for (const photo of this.ready().photos) {
            const {key, visit, kind, data} = photo;
            const {state, text} = await ask("/field/visits/photo", {key, visit, kind, data});
            if (state === "refused") {
                await this.notice(photo.key, text);
            }
            if (state !== "again") {
                await this.dropPhoto(photo);
            }
        }
    }

    async sendForm(form) {
        const {key, visit, at, state} = form;
        const {reason, remarks, position, ...study} = form.answers;
        const sent = {key, visit, at, state, reason, remarks, position, study};
        const {answers, user} = await ask("/field/visits/send", {forms: [sent]});
        this.user = user;
        const [answer] = answers;
        if (answer.state === "refused") {
            // what was typed stays here until its writer has read why
            form.refused = answer.text;
            await this.save(form);
        } else if (answer.state !== "again") {
            await this.drop(form);
            await this.store.remove("visits", visit);
            this.visits = this.visits.filter((one) => one.id !== visit);
        }
    }

    async notice(key, text) {
        this.lastNotice = text;
        await this.store.put("notices", {key, number: "", state: "refused", text});
    }

    /** Open a refused form again: it is sent as a new one. */
    async reopen(form) {
        await this.drop(form);
        const again = {...form, key: newKey(), state: "", refused: ""};
        this.forms.push(again);
        await this.save(again);
    }

    async discard(form) {
        for (const photo of this.photos.filter((one) => one.visit === form.visit)) {
            await this.dropPhoto(photo);
        }
        await this.drop(form);
    }
}
