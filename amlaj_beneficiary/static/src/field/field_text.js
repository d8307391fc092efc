/** A text kept in its own direction: a number with a hyphen turns round in Arabic otherwise. */
export function apart(text) {
    return `\u2068${text}\u2069`;
}

/** Texts side by side, those that there are. */
export function beside(...texts) {
    return texts.filter(Boolean).map(apart).join(" · ");
}
