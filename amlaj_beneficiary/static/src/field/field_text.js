/** A text kept in its own direction: a number with a hyphen turns round in Arabic otherwise. */
export function apart(text) {
    return `\u2068${text}\u2069`;
}

/** Texts side by side, those that there are. */
export function beside(...texts) {
    return texts.filter(Boolean).map(apart).join(" · ");
}

/** What a page draws with: its sentences and its parts, which stand in the page itself and so are there without line. */
export class FieldParts {
    constructor(body) {
        this.body = body;
    }

    text(name, values = {}) {
        const text = this.body.querySelector(`#field_texts [data-text='${name}']`).textContent.trim();
        return text.replace(/\{(\w+)\}/g, (whole, key) => apart(values[key] ?? whole));
    }

    /** A copy of a template with its `data-show` filled in and its `data-do` bound. */
    draw(name, values, acts) {
        const part = this.body.querySelector(`#field_part_${name}`).content.cloneNode(true);
        for (const node of part.querySelectorAll("[data-show]")) {
            node.textContent = values[node.dataset.show] ?? "";
        }
        for (const node of part.querySelectorAll("[data-if]")) {
            node.hidden = !values[node.dataset.if];
        }
        for (const node of part.querySelectorAll("[data-do]")) {
            node.addEventListener(node.dataset.on || "click", (ev) => acts[node.dataset.do](ev));
        }
        return part;
    }
}
