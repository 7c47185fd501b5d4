// A ticket's code as TicketCode, CodeText and CodeSignature of the server read it, and what it is good for as CheckInRules says.
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const payloadLength = 19;
const length = payloadLength + 64;
const half = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n;

function bytesOf(text) {
    const bytes = [];
    let [buffer, bits] = [0, 0];
    for (const letter of text.toUpperCase().replace(/[ -]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')) {
        const digit = digits.indexOf(letter);
        if (digit < 0) {
            return null;
        }
        buffer = ((buffer << 5) | digit) & 0xffff;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            bytes.push((buffer >> bits) & 0xff);
        }
    }
    return bytes.length === length && bits < 5 && (buffer & ((1 << bits) - 1)) === 0 ? Uint8Array.from(bytes) : null;
}

const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');

/** What the text says, whoever has signed it; null when it is no code. */
export function read(text) {
    const bytes = bytesOf(text);
    if (bytes === null || bytes[0] !== 1) {
        return null;
    }
    const id = hex(bytes.subarray(1, 15)) + '0000';
    return {
        bytes,
        eventId: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
        number: (bytes[15] << 8) | bytes[16],
        generation: (bytes[17] << 8) | bytes[18],
    };
}

/** Whether the event's key has signed it. */
export async function isSigned(code, publicKey) {
    if (BigInt('0x' + hex(code.bytes.subarray(payloadLength + 32))) > half) {
        return false;
    }
    const raw = Uint8Array.from(atob(publicKey), letter => letter.charCodeAt(0));
    const kind = { name: 'ECDSA', namedCurve: 'P-256' };
    const key = await crypto.subtle.importKey('spki', raw, kind, false, ['verify']);
    return crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, code.bytes.subarray(payloadLength), code.bytes.subarray(0, payloadLength));
}

/** What the server would say, as far as this phone knows: the door as it was loaded, and what this phone has let pass since. */
export async function decide(text, door, passed, direction, now) {
    const code = read(text);
    if (code === null) {
        return { outcome: 'unknown_code', number: null };
    }
    if (code.eventId !== door.eventId) {
        return { outcome: 'wrong_event', number: code.number };
    }
    if (!(await isSigned(code, door.publicKey))) {
        return { outcome: 'forged', number: null };
    }
    return { outcome: decideNumber(code.number, code.generation, door, passed, direction, now), number: code.number };
}

/** The same for a ticket that staff have picked from the list: it has the code that is live. */
export function decideNumber(number, generation, door, passed, direction, now) {
    const below = door.revocations.find(revoked => revoked.number === number)?.below ?? 1;
    // A door that was kept by a former release of this page has no list of them.
    const isOffered = door.inTransfer?.includes(number) && (generation === null || generation === below - 1);
    if (door.isCanceled || (generation !== null && generation < below && !isOffered)) {
        return 'void';
    }
    if (isOffered) {
        return 'in_transfer';
    }
    const last = passed.get(number);
    const isInside = last === undefined ? door.inside.includes(number) : last === 'in';
    const hasLeft = last === undefined ? door.left.includes(number) : last === 'out';
    if (direction === 'out') {
        return isInside ? 'left' : 'not_inside';
    }
    if (isInside || (hasLeft && !door.reEntry)) {
        return 'already_admitted';
    }
    return now < new Date(door.opensAt) ? 'too_early' : now > new Date(door.closesAt) ? 'too_late' : 'admitted';
}
