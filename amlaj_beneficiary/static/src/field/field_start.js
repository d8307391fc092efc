import {FieldPage} from "./field_page";
import {FieldStore} from "./field_store";
import {VisitPage} from "./visit_page";

/** The page on the way of logging out: every name is erased, and the way goes on. */
async function leave(body) {
    const store = new FieldStore();
    await store.open();
    await store.eraseNames();
    const waiting = [...(await store.all("entries")), ...(await store.all("forms")), ...(await store.all("photos"))];
    for (const name of await window.caches.keys()) {
        if (name.startsWith("amlaj-field-")) {
            await window.caches.delete(name);
        }
    }
    for (const worker of (await navigator.serviceWorker?.getRegistrations()) || []) {
        if (new URL(worker.scope).pathname === "/field") {
            await worker.unregister();
        }
    }
    body.querySelector("#field_left").hidden = false;
    body.querySelector("#field_left_waiting").hidden = !waiting.length;
    body.dataset.ready = "1";
    if (!waiting.length) {
        window.location.replace(body.dataset.next);
    }
}

const body = document.querySelector(".amlaj-field");
if (body.dataset.next) {
    leave(body);
} else {
    const page = new FieldPage(body);
    const visits = new VisitPage(body, page);
    page.visits = visits;
    page.start()
        .catch(() => page.broken())
        .then(() => visits.start());
    window.amlajField = page;
    window.amlajVisits = visits;
}
