// Reads QR codes from the camera: by the browser's own detector, else by the package qr.
const pause = 120;
const sameCodeAfter = 4000;

async function newDetector() {
    const native = globalThis.BarcodeDetector;
    if (native && (await native.getSupportedFormats()).includes('qr_code')) {
        return new native({ formats: ['qr_code'] });
    }
    const { BarcodeDetector } = await import('/door/qr/decode.js');
    return new BarcodeDetector({ formats: ['qr_code'] });
}

/** Calls `found` with every code that comes before the camera; returns what stops it. */
export async function start(video, found) {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } }, audio: false });
    const detector = await newDetector();
    video.srcObject = stream;
    await video.play();
    let running = true;
    let last = { text: '', at: 0 };

    const look = async () => {
        if (!running) {
            return;
        }
        try {
            const [code] = video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA ? await detector.detect(video) : [];
            if (code && (code.rawValue !== last.text || performance.now() - last.at > sameCodeAfter)) {
                // The code that is still there when its check has ended is no new one, however long that took.
                try {
                    await found(code.rawValue);
                } finally {
                    last = { text: code.rawValue, at: performance.now() };
                }
            }
        } finally {
            setTimeout(look, pause);
        }
    };
    look();
    return () => {
        running = false;
        stream.getTracks().forEach(track => track.stop());
        video.srcObject = null;
    };
}
