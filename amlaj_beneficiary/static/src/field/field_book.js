import {ask, LineLost} from "./field_line";

const AT_ONCE = 20;
// how long the last hand-over can be taken back before it is sent
export const HOLD_SECONDS = 15;

/** Eight random bytes twice, as text: also where the page is not served safely and `randomUUID` is missing. */
export function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function pad(number) {
    return String(number).padStart(2, "0");
}

/**
 * The lists that this phone took along and what was handed over: kept in the store, sent once there is a line, erased once it
 * has arrived. The server decides; what it answers is what counts.
 */
export class FieldBook {
    constructor(store) {
        this.store = store;
        this.lists = [];
        this.entries = [];
        this.notices = [];
        this.user = null;
        this.line = Promise.resolve();
    }

    async load() {
        await this.store.eraseOld(Date.now());
        this.lists = await this.store.all("lists");
        this.entries = (await this.store.all("entries")).sort((one, other) => one.at - other.at);
        this.notices = await this.store.all("notices");
    }

    list(id) {
        return this.lists.find((list) => list.id === id);
    }

    entryOf(item) {
        return this.entries.find((entry) => entry.delivery === item.id);
    }

    isDone(item) {
        return Boolean(item.done || this.entryOf(item));
    }

    /** The hour at which an item was handed over, here or elsewhere. */
    hourOf(item) {
        const entry = this.entryOf(item);
        const at = entry && new Date(entry.at);
        return at ? `${pad(at.getHours())}:${pad(at.getMinutes())}` : item.done;
    }

    // ------------------------------------------------------------
    // Taking along
    // ------------------------------------------------------------

    /** Who asks, and his days; the names that another user left in this phone are erased. */
    async askDays() {
        const {user, days} = await ask("/field/days");
        this.user = user;
        if (this.lists.some((list) => list.user !== user)) {
            await this.store.eraseNames();
            await this.load();
        }
        return days;
    }

    async take(id) {
        const taken = await ask("/field/list", {day: id});
        this.user = taken.user;
        await this.store.put("lists", {id, user: taken.user, taken_at: Date.now(), day: taken.day, items: taken.items});
        await this.load();
    }

    async erase(list) {
        await this.store.remove("lists", list.id);
        await this.load();
    }

    // ------------------------------------------------------------
    // Finding
    // ------------------------------------------------------------

    /** The items that four digits of the identity number, a request's or a file's number mean. */
    find(list, digits) {
        const typed = digits.replace(/\D/g, "");
        // a number pad has no hyphen: 26-00012 is also typed as 2600012, and as 00012
        const names = (item) => [item.file, item.number.replace("-", ""), item.number.split("-")[1]];
        return list.items.filter((item) =>
            typed.length === 4 ? item.digits === typed : typed.length > 4 && names(item).includes(typed)
        );
    }

    /** The item of a scanned paper, with the list that it is on; the list that is open comes first. */
    findScanned(code, open) {
        for (const list of [open, ...this.lists.filter((other) => other !== open)]) {
            const item = list.items.find(
                (one) =>
                    (code.number && one.number === code.number && (!code.check || one.check === code.check)) ||
                    (code.file && one.file === code.file)
            );
            if (item) {
                return {list, item};
            }
        }
        return null;
    }

    /** What else is on the list for the same request, and not handed over yet. */
    others(list, item) {
        return list.items.filter((one) => one.number === item.number && !this.isDone(one) && !one.blocked);
    }

    // ------------------------------------------------------------
    // Handing over
    // ------------------------------------------------------------

    async record(list, item) {
        const now = Date.now();
        const entry = {
            key: newKey(),
            user: list.user,
            day: list.id,
            delivery: item.id,
            number: item.number,
            mandate: item.self ? null : item.receivers[0].id,
            at: now,
            held_until: now + HOLD_SECONDS * 1000,
        };
        await this.store.put("entries", entry);
        this.entries.push(entry);
        return entry;
    }

    async setReceiver(entry, mandate) {
        if (this.canChange(entry)) {
            const changed = {...entry, mandate, held_until: Date.now() + HOLD_SECONDS * 1000};
            this.entries.splice(this.entries.indexOf(entry), 1, changed);
            await this.store.put("entries", changed);
        }
    }

    /** Take a hand-over back; false where it was sent meanwhile. */
    async undo(entry) {
        const isOpen = this.canChange(entry);
        if (isOpen) {
            await this.drop(entry);
        }
        return isOpen;
    }

    /** What was sent once may have arrived although no answer came back: the phone alone cannot undo it any more. */
    canChange(entry) {
        return this.entries.includes(entry) && !entry.tried;
    }

    async drop(entry) {
        this.entries = this.entries.filter((one) => one !== entry);
        await this.store.remove("entries", entry.key);
    }

    /** The last hand-over, while it can be taken back. */
    last() {
        const entry = this.entries.at(-1);
        const list = entry && this.canChange(entry) && this.list(entry.day);
        const item = list && list.items.find((one) => one.id === entry.delivery);
        return item?.name ? {entry, list, item} : null;
    }

    // ------------------------------------------------------------
    // Sending
    // ------------------------------------------------------------

    /** What this user may send now: another's entries wait until he logs in again. */
    ready(isAll) {
        const now = Date.now();
        return this.entries.filter((entry) => entry.user === this.user && (isAll || entry.held_until <= now));
    }

    /**
     * Send what waits, in batches; without anything to send, ask how the lists stand.
     *
     * @param {boolean} isAll also what could still be taken back
     */
    async send(isAll) {
        if (this.sending && !isAll) {
            return;
        }
        const before = this.line;
        // whoever asks for all is not sent away because some is on its way
        this.line = before.catch(() => {}).then(() => this.sendOnce(isAll));
        await this.line;
    }

    async sendOnce(isAll) {
        if (!navigator.onLine) {
            throw new LineLost();
        }
        this.sending = true;
        try {
            let ready = this.ready(isAll);
            do {
                const batch = ready.slice(0, AT_ONCE);
                for (const entry of batch) {
                    entry.tried = true;
                    await this.store.put("entries", entry);
                }
                const sent = batch.map(({key, day, delivery, mandate, at}) => ({key, day, delivery, mandate, at}));
                const {answers, days, user} = await ask("/field/send", {
                    entries: sent,
                    days: this.lists.map(({id}) => id),
                });
                this.user = user;
                const count = this.entries.length;
                for (const answer of answers) {
                    await this.takeAnswer(answer);
                }
                await this.takeState(days);
                ready = this.entries.length < count ? ready.slice(batch.length) : [];
            } while (ready.length);
        } finally {
            this.sending = false;
        }
        await this.eraseFinished();
    }

    async takeAnswer({key, state, text}) {
        const entry = this.entries.find((one) => one.key === key);
        if (!entry || state === "again") {
            return;
        }
        if (state !== "delivered") {
            const notice = {key, number: entry.number, state, text};
            await this.store.put("notices", notice);
            this.notices.push(notice);
        }
        const list = this.list(entry.day);
        const item = list?.items.find((one) => one.id === entry.delivery);
        if (item && state !== "refused") {
            await this.forget(list, item, this.hourOf(item));
        } else if (item) {
            item.blocked = true;
            await this.store.put("lists", list);
        }
        await this.drop(entry);
    }

    /** Of what is delivered nothing but the number stays in the phone. */
    async forget(list, item, hour) {
        const index = list.items.indexOf(item);
        list.items[index] = {id: item.id, number: item.number, check: item.check, done: hour};
        await this.store.put("lists", list);
    }

    async takeState(days) {
        for (const list of [...this.lists]) {
            const state = days[list.id];
            list.isClosed = !state?.open;
            for (const item of [...list.items]) {
                const hour = state?.done[item.id];
                if (hour && !item.done && !this.entryOf(item)) {
                    await this.forget(list, item, hour);
                }
            }
        }
    }

    /** A list is erased once nothing of it waits to be sent and the day is closed, or all of it is handed over. */
    async eraseFinished() {
        for (const list of [...this.lists]) {
            const waits = this.entries.some((entry) => entry.day === list.id);
            if (!waits && (list.isClosed || list.items.every((item) => item.done))) {
                await this.erase(list);
            }
        }
    }

    async dismiss(notice) {
        await this.store.remove("notices", notice.key);
        this.notices.splice(this.notices.indexOf(notice), 1);
    }
}
