/** What the tours of the phone's pages share: one column of 360 px, in Arabic, a photo, a finger. */
export const go = (trigger) => ({trigger, run: "click", expectUnloadPage: true});
export const seen = (trigger) => ({trigger});
export const ready = seen("body[is-ready=true] .amlaj-phone");
export const fits = {
    trigger: ".amlaj-phone",
    run() {
        const width = document.documentElement.scrollWidth;
        if (width > window.innerWidth || window.innerWidth > 360) {
            throw new Error(`The page is ${width} px wide on a phone of ${window.innerWidth} px.`);
        }
        if (document.documentElement.lang.slice(0, 2) !== "ar") {
            throw new Error("The page is not in Arabic.");
        }
    },
};
export const onPage = [ready, fits];

/** Choose a photo as a phone takes it: large, and with much in it. */
export const takePhoto = (trigger, name) => ({
    trigger,
    async run() {
        const canvas = document.createElement("canvas");
        canvas.width = 3000;
        canvas.height = 2200;
        const context = canvas.getContext("2d");
        const pixels = context.createImageData(canvas.width, canvas.height);
        for (let at = 0, seed = name.length; at < pixels.data.length; at++) {
            seed = (seed * 1103515245 + 12345) % 2147483648;
            pixels.data[at] = at % 4 === 3 ? 255 : 128 + ((seed >> 16) % 128);
        }
        context.putImageData(pixels, 0, 0);
        const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.95));
        const chosen = new DataTransfer();
        chosen.items.add(new File([blob], name, {type: "image/jpeg"}));
        this.anchor.files = chosen.files;
        this.anchor.dispatchEvent(new Event("change", {bubbles: true}));
    },
});

/** Draw with the finger. */
export const drawSignature = {
    trigger: "canvas.o_web_sign_signature",
    run() {
        const box = this.anchor.getBoundingClientRect();
        const touch = (type, at) =>
            this.anchor.dispatchEvent(
                new PointerEvent(type, {
                    bubbles: true,
                    cancelable: true,
                    isPrimary: true,
                    pointerId: 1,
                    pointerType: "touch",
                    button: 0,
                    buttons: type === "pointerup" ? 0 : 1,
                    pressure: 0.5,
                    clientX: box.left + 20 + at * 20,
                    clientY: box.top + box.height / 2 + (at % 2 ? 25 : -25),
                })
            );
        touch("pointerdown", 0);
        for (let at = 1; at < 10; at++) {
            touch("pointermove", at);
        }
        touch("pointerup", 10);
    },
};
