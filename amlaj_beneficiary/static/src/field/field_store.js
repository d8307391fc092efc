/** What the phone holds of distribution days, in the browser's own database, so that it outlives closing the browser. */

const NAME = "amlaj_field";
const HOUR = 60 * 60 * 1000;
export const KEPT_HOURS = 48;
// of each what identifies a record; forms and photos are of visits
const STORES = {lists: "id", entries: "key", notices: "key", visits: "id", forms: "key", photos: "key"};

function answered(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

/**
 * `lists`, one for each day that was taken along, with persons; `entries`, what waits to be sent: ids, a time and a key, never
 * a name; `notices`, what the server answered that somebody has to read. Of visits: `visits`, with number, first name and place;
 * `forms` and `photos`, what was typed and taken, by the visit's id and without a name.
 */
export class FieldStore {
    async open() {
        const request = indexedDB.open(NAME, 2);
        request.onupgradeneeded = () => {
            for (const [store, keyPath] of Object.entries(STORES)) {
                if (!request.result.objectStoreNames.contains(store)) {
                    request.result.createObjectStore(store, {keyPath});
                }
            }
        };
        this.db = await answered(request);
        this.db.onversionchange = () => this.db.close();
    }

    all(store) {
        return answered(this.db.transaction(store).objectStore(store).getAll());
    }

    put(store, record) {
        return this.write(store, (target) => target.put(record));
    }

    remove(store, key) {
        return this.write(store, (target) => target.delete(key));
    }

    /** Resolve once what was written is on the disk, not when it was asked for. */
    write(store, act) {
        return new Promise((resolve, reject) => {
            const transaction = this.db.transaction(store, "readwrite", {durability: "strict"});
            transaction.oncomplete = () => resolve();
            transaction.onerror = transaction.onabort = () => reject(transaction.error);
            act(transaction.objectStore(store));
        });
    }

    /** Erase lists, visits and what was begun after two days, also where the phone's clock was turned back. */
    async eraseOld(now) {
        const isOld = (moment) => now - moment > KEPT_HOURS * HOUR || now - moment < -HOUR;
        for (const store of ["lists", "visits"]) {
            for (const record of await this.all(store)) {
                if (isOld(record.taken_at)) {
                    await this.remove(store, record.id);
                }
            }
        }
        await this.eraseForms((form) => isOld(form.started_at));
    }

    /** Erase every name, and every form that is not closed. What waits to be sent holds no name, and stays until it arrived. */
    async eraseNames() {
        for (const store of ["lists", "notices", "visits"]) {
            await this.write(store, (target) => target.clear());
        }
        await this.eraseForms(() => true);
    }

    /** Erase the forms of visits that are not closed and for which `isMeant` is true, and their photos. */
    async eraseForms(isMeant) {
        for (const form of await this.all("forms")) {
            if ((!form.state || form.refused) && isMeant(form)) {
                await this.remove("forms", form.key);
                for (const photo of await this.all("photos")) {
                    if (photo.visit === form.visit) {
                        await this.remove("photos", photo.key);
                    }
                }
            }
        }
    }
}
