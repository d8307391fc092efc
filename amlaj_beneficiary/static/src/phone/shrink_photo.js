// Photos of papers are made small on the phone: a slow line carries them, and place and camera stay behind.

const MOST_BYTES = 400 * 1024;
const LONGEST_SIDE = 2000;
const SHORTEST_SIDE = 1000; // below it, small print on a paper cannot be read
const QUALITIES = [0.82, 0.7, 0.58, 0.45];

function draw(bitmap, side) {
    const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    const context = canvas.getContext("2d");
    context.fillStyle = "white";
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return canvas;
}

function encode(canvas, quality) {
    return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", quality));
}

async function smallest(bitmap) {
    let blob = null;
    for (let side = LONGEST_SIDE; side >= SHORTEST_SIDE; side *= 0.8) {
        const canvas = draw(bitmap, side);
        for (const quality of QUALITIES) {
            blob = await encode(canvas, quality);
            if (blob && blob.size <= MOST_BYTES) {
                return blob;
            }
        }
    }
    return blob;
}

/**
 * A photo as a JPEG of 400 KB at most, upright and without what the camera noted in it. What this browser cannot open
 * (a PDF, some phones' own formats) comes back as it is: the server judges it.
 *
 * @param {File} file
 * @returns {Promise<File>}
 */
export async function shrinkPhoto(file) {
    if (file.type === "application/pdf") {
        return file;
    }
    let bitmap;
    try {
        bitmap = await createImageBitmap(file, {imageOrientation: "from-image"});
    } catch {
        return file;
    }
    try {
        const blob = await smallest(bitmap);
        const name = file.name.replace(/\.\w+$/, "") + ".jpg";
        return blob ? new File([blob], name, {type: "image/jpeg"}) : file;
    } finally {
        bitmap.close();
    }
}
