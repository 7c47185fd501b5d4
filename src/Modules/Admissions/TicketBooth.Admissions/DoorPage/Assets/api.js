// Requests to the server, with the sign-in that the phone keeps.
import * as store from './store.js';

const patience = 4000;

/** The network, or the server, is not there. */
export class Offline extends Error {}

/** Nobody is signed in any more. */
export class SignedOut extends Error {}

/** The whole answer of the server: one that stops half way is none, and neither is what is not JSON, as the page of a Wi-Fi's own sign-in. */
async function send(path, options = {}) {
    try {
        const response = await fetch(path, { ...options, cache: 'no-store', signal: AbortSignal.timeout(patience) });
        const text = await response.text();
        const content = response.status === 304 || response.status === 204 ? null : JSON.parse(text);
        return { ok: response.ok, status: response.status, tag: response.headers.get('ETag'), content };
    } catch (failure) {
        throw new Offline(path, { cause: failure });
    }
}

const json = body => ({ method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

async function keepTokens({ accessToken, refreshToken }) {
    await store.keep('tokens', { accessToken, refreshToken });
}

/** Null when it went well, else the problem's code. */
export async function signIn(email, password, code) {
    const response = await send('/api/v1/accounts/token', json(code ? { email, password, code } : { email, password }));
    if (!response.ok) {
        return response.content.code;
    }
    await keepTokens(response.content);
    return null;
}

/** Takes over the sign-in at the back office, if there is one. */
export async function takeOverSession() {
    const response = await send('/backoffice/door-token', { method: 'POST', redirect: 'manual' });
    if (response.ok) {
        await keepTokens(response.content);
        return true;
    }
    return false;
}

export async function signOut() {
    const tokens = await store.find('tokens');
    await store.forget('tokens');
    if (tokens) {
        await send('/api/v1/accounts/sign-out', json({ refreshToken: tokens.refreshToken })).catch(() => {});
    }
}

// One renewal at a time: a refresh token is good for one.
let renewal = null;

async function renew(former) {
    const tokens = await store.find('tokens');
    if (!tokens) {
        throw new SignedOut();
    }
    if (tokens.accessToken !== former) {
        return;
    }
    const response = await send('/api/v1/accounts/token', json({ refreshToken: tokens.refreshToken }));
    if (response.ok) {
        await keepTokens(response.content);
    } else if (response.status === 401) {
        await store.forget('tokens');
        throw new SignedOut();
    } else {
        throw new Offline('renewal');
    }
}

/** A request with the kept sign-in. Answers of 5xx and 429 count as no network: the same may work later. */
export async function ask(path, body, headers = {}) {
    for (let attempt = 0; ; attempt++) {
        const tokens = await store.find('tokens');
        if (!tokens) {
            throw new SignedOut();
        }
        const options = body === undefined ? { headers } : json(body);
        const response = await send(path, { ...options, headers: { ...options.headers, Authorization: `Bearer ${tokens.accessToken}` } });
        if (response.status === 401 && attempt === 0) {
            renewal ??= renew(tokens.accessToken).finally(() => { renewal = null; });
            await renewal;
            continue;
        }
        if (response.status === 401) {
            throw new SignedOut();
        }
        if (response.status >= 500 || response.status === 429) {
            throw new Offline(path);
        }
        return response;
    }
}
