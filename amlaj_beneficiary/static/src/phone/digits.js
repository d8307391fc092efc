/**
 * Numbers and codes are shown in 0-9 while they are typed: the digits of an Arabic keyboard with a hyphen between them would
 * show their groups in the opposite order of the paper. The server takes both.
 */
document.addEventListener("input", ({target}) => {
    if (target.matches?.(".amlaj-phone input[inputmode=numeric], .amlaj-phone input[dir=ltr]")) {
        const typed = target.value.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => digit.charCodeAt(0) & 0xf);
        if (typed !== target.value) {
            const place = target.selectionStart;
            target.value = typed;
            if (place !== null) {
                target.setSelectionRange(place, place);
            }
        }
    }
});
