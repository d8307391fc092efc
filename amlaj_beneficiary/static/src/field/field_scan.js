import {buildZXingBarcodeDetector} from "@web/core/barcode/ZXingBarcodeDetector";

const SCANNER_CACHE = "amlaj-field-scanner";
const SCANNER = "/web/static/lib/zxing-library/zxing-library.js";
const BETWEEN_LOOKS = 150;

/** Digits as people type them, ٠-٩ and ۰-۹ among them, as 0-9. */
export function latinDigits(text) {
    return text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf));
}

/**
 * What a square on a paper says: the slip's square for following, the square of any other paper of the request, or a card
 * with nothing but the file's number. The codes that some of them hold are not kept.
 *
 * @param {string} text
 * @returns {{number: string, check?: string}|{file: string}|null}
 */
export function readCode(text) {
    const clean = latinDigits(text.trim());
    let found = /\/follow-up#(\d{2}-\d{1,10})-\d{10}$/.exec(clean);
    if (found) {
        return {number: found[1]};
    }
    found = /\/verify\/(\d{2}-\d{1,10})-(\d{10})$/.exec(clean);
    if (found) {
        return {number: found[1], check: found[2]};
    }
    return /^\d{5,10}$/.test(clean) ? {file: clean} : null;
}

function hasOwnDetector() {
    return "BarcodeDetector" in window;
}

/** Keep Odoo's reader of squares for the time without line, on phones whose browser has none. */
export async function keepScanner() {
    if (!hasOwnDetector() && "caches" in window) {
        const cache = await caches.open(SCANNER_CACHE);
        await cache.add(SCANNER);
    }
}

async function makeDetector() {
    if (hasOwnDetector()) {
        return new BarcodeDetector({formats: ["qr_code"]});
    }
    if (!window.ZXing) {
        await new Promise((resolve, reject) => {
            const script = document.createElement("script");
            script.src = SCANNER;
            script.onload = resolve;
            script.onerror = reject;
            document.head.append(script);
        });
    }
    const Detector = buildZXingBarcodeDetector(window.ZXing);
    return new Detector({formats: ["qr_code"]});
}

/** The camera, until it has seen one square or is stopped. */
export class Camera {
    constructor(video) {
        this.video = video;
    }

    /**
     * @returns {Promise<string|null>} what the square says, or null when it was stopped
     * @throws when there is no camera, or it may not be used
     */
    async read() {
        this.isOn = true;
        const detector = await makeDetector();
        const stream = await navigator.mediaDevices.getUserMedia({video: {facingMode: "environment"}});
        if (!this.isOn) {
            stream.getTracks().forEach((track) => track.stop());
            return null;
        }
        this.video.srcObject = stream;
        await this.video.play();
        while (this.isOn) {
            const codes = await detector.detect(this.video).catch(() => []);
            if (codes.length && this.isOn) {
                this.stop();
                return codes[0].rawValue;
            }
            await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS));
        }
        return null;
    }

    stop() {
        this.isOn = false;
        this.video.srcObject?.getTracks().forEach((track) => track.stop());
        this.video.srcObject = null;
    }
}
