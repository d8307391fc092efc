/** What the phone holds of distribution days, in the browser's own database, so that it outlives closing the browser. */

const NAME = "amlaj_field";
const HOUR = 60 * 60 * 1000;
export const KEPT_HOURS = 48;

function answered(request) {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}

/**
 * Three stores: `lists`, one for each day that was taken along, with persons; `entries`, what waits to be sent: ids, a time and
 * a key, never a name; `notices`, what the server answered that somebody has to read.
 */
export class FieldStore {
    async open() {
        const request = indexedDB.open(NAME, 1);
        request.onupgradeneeded = () => {
            request.result.createObjectStore("lists", {keyPath: "id"});
            request.result.createObjectStore("entries", {keyPath: "key"});
            request.result.createObjectStore("notices", {keyPath: "key"});
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

    /** Erase lists after two days, also where the phone's clock was turned back. */
    async eraseOld(now) {
        for (const list of await this.all("lists")) {
            const age = now - list.taken_at;
            if (age > KEPT_HOURS * HOUR || age < -HOUR) {
                await this.remove("lists", list.id);
            }
        }
    }

    /** Erase every name. What waits to be sent holds none, and stays until it has arrived. */
    async eraseNames() {
        for (const store of ["lists", "notices"]) {
            await this.write(store, (target) => target.clear());
        }
    }
}
