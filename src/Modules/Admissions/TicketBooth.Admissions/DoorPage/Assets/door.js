// The page for the phones at the door.
import * as api from './api.js';
import * as camera from './camera.js';
import { decide, decideNumber } from './codes.js';
import { play } from './sound.js';
import * as store from './store.js';
import { choose, language, otherLanguage, show as showWords, word } from './words.js';

const refreshEvery = 5000;
const reachBack = 36 * 3600 * 1000;
const reachAhead = 30 * 24 * 3600 * 1000;
const at = id => document.getElementById(id);

// The event at whose door this phone stands; null before one is chosen. An answer about another event comes too late.
let chosen = null;
let door = null;
let tickets = [];
let lastScan = null;
let stopCamera = null;
let isOnline = true;
let sending = null;

function open(section) {
    for (const id of ['sign-in', 'events', 'door']) {
        at(id).hidden = id !== section;
    }
}

async function showNetwork() {
    const waiting = (await store.waitingScans()).length;
    at('network').textContent = [word(isOnline ? 'online' : 'offline'), ...(waiting > 0 ? [word('waiting', waiting)] : [])].join(', ');
    at('network').classList.toggle('off', !isOnline);
}

/** Runs what needs the server; false when it is not there. */
async function online(act) {
    try {
        await act();
        isOnline = true;
        return true;
    } catch (failure) {
        if (failure instanceof api.SignedOut) {
            askToSignIn(word('signInAgain'));
        } else if (failure instanceof api.Offline) {
            isOnline = false;
        } else {
            throw failure;
        }
        return false;
    } finally {
        await showNetwork();
    }
}

// Signing in

function askToSignIn(fault = '') {
    at('sign-in-fault').textContent = fault;
    open('sign-in');
}

at('sign-in').addEventListener('submit', async event => {
    event.preventDefault();
    const asked = await online(async () => {
        const code = await api.signIn(at('email').value, at('password').value, at('second-code').value);
        if (code === 'second-factor-needed') {
            at('second').hidden = false;
            at('second-code').focus();
        } else if (code !== null) {
            at('sign-in-fault').textContent = word(code === 'second-factor-wrong' ? 'wrongCode' : code === 'invalid-credentials' ? 'wrongPassword' : 'tryAgain');
        } else {
            at('password').value = at('second-code').value = '';
            at('second').hidden = true;
            open('events');
        }
    });
    if (!asked) {
        at('sign-in-fault').textContent = word('tryAgain');
    } else if (at('sign-in').hidden) {
        await goOn(chosen);
    }
});

// The phone may be somebody else's next: names of ticket holders go, scans that wait for the network stay.
at('sign-out').addEventListener('click', async () => {
    await online(sendWaiting);
    await api.signOut();
    leaveDoor();
    await store.forgetAll();
    at('email').value = '';
    askToSignIn();
});

// Choosing a door

async function chooseDoor() {
    const now = Date.now();
    const [from, to] = [new Date(now - reachBack).toISOString(), new Date(now + reachAhead).toISOString()];
    const { ok, content } = await api.ask(`/api/v1/events?from=${from}&to=${to}&limit=50`);
    const items = ok ? content.items : [];
    leaveDoor();
    await store.forget('door');
    const list = at('event-list');
    list.replaceChildren(...items.map(event => {
        const button = document.createElement('button');
        const when = document.createElement('small');
        when.textContent = `${event.venue}, ${new Date(event.startsAt).toLocaleString(language(), { dateStyle: 'medium', timeStyle: 'short' })}`;
        button.type = 'button';
        button.append(event.name, when);
        button.addEventListener('click', () => goOn(event.id));
        const item = document.createElement('li');
        item.append(button);
        return item;
    }));
    showEvents('noEvents', items.length === 0);
}

function showEvents(note, isNoteShown) {
    at('no-events').dataset.word = note;
    at('no-events').textContent = word(note);
    at('no-events').hidden = !isNoteShown;
    open('events');
}

/** Nothing of the former door may stand at the next one. */
function leaveDoor() {
    chosen = door = lastScan = null;
    tickets = [];
    at('search').value = '';
    at('nothing-found').hidden = true;
    at('found').replaceChildren();
    answer('idle', word('ready'));
    if (stopCamera) {
        switchCamera();
    }
}

/** To a door, or to the list of them; what cannot be loaded is said. */
async function goOn(eventId) {
    const asked = await online(() => (eventId ? openDoor(eventId) : chooseDoor()));
    if (door === null && at('sign-in').hidden && (!asked || eventId)) {
        chosen = null;
        showEvents('notLoaded', true);
    }
}

at('other-door').addEventListener('click', () => online(chooseDoor));

// The door

/** Opens what this phone has kept of the door, and only then asks the network. */
async function openDoor(eventId) {
    leaveDoor();
    chosen = eventId;
    door = (await store.find(`door/${eventId}`))?.door ?? null;
    tickets = (await store.find(`tickets/${eventId}`)) ?? [];
    await store.keep('door', eventId);
    await showDoor();
    await loadDoor(eventId);
    await showDoor();
    online(() => loadTickets(eventId));
}

/** Loads the door when it has changed. */
async function loadDoor(eventId) {
    const kept = await store.find(`door/${eventId}`);
    const response = await api.ask(`/api/v1/events/${eventId}/door`, undefined, kept ? { 'If-None-Match': kept.tag } : {});
    if (chosen !== eventId) {
        return;
    }
    if (response.status === 403) {
        askToSignIn(word('noAccess'));
    } else if (response.status === 200) {
        door = response.content;
        await store.keep(`door/${eventId}`, { door, tag: response.tag });
    }
}

/** Every ticket with its tier and holder, for what is checked and searched offline. */
async function loadTickets(eventId) {
    const loaded = [];
    let cursor = '';
    do {
        const { ok, content } = await api.ask(`/api/v1/events/${eventId}/door/tickets?limit=200${cursor && `&cursor=${cursor}`}`);
        if (!ok || chosen !== eventId) {
            return;
        }
        loaded.push(...content.items);
        cursor = content.nextCursor;
    } while (cursor);
    tickets = loaded;
    await store.keep(`tickets/${eventId}`, tickets);
}

/** What this phone has let pass and the loaded door may not know: by number, the last direction. */
async function passedHere() {
    const passed = new Map();
    for (const scan of (await store.waitingScans()).filter(scan => scan.eventId === chosen && !scan.isUndone).sort((one, other) => one.order - other.order)) {
        passed.set(scan.number, scan.direction);
    }
    return passed;
}

async function showDoor() {
    const passed = await passedHere();
    if (door === null) {
        return;
    }
    if (at('sign-in').hidden) {
        open('door');
    }
    at('show-name').textContent = door.name;
    const inside = new Set(door.inside);
    const left = new Set(door.left);
    for (const [number, direction] of passed) {
        (direction === 'in' ? inside : left).add(number);
        (direction === 'in' ? left : inside).delete(number);
    }
    at('count-inside').textContent = inside.size;
    at('count-left').textContent = left.size;
    at('count-to-come').textContent = Math.max(0, door.counts.tickets - inside.size - left.size);
    at('conflicts').replaceChildren(...door.conflicts.map(conflict => {
        const item = document.createElement('li');
        const time = new Date(conflict.scannedAt).toLocaleTimeString(language(), { timeStyle: 'short' });
        item.textContent = `${word('ticket', conflict.number)}: ${word(conflict.outcome)} (${word('before', time, conflict.by)})`;
        return item;
    }));
    at('conflict-box').hidden = door.conflicts.length === 0;
}

// Scanning

function answer(kind, text, ticket = '', more = '', undo = false) {
    at('answer').className = kind;
    at('answer-word').textContent = text;
    at('answer-ticket').textContent = ticket;
    at('answer-more').textContent = more;
    at('undo').hidden = !undo;
}

function showOutcome({ outcome, ticket, previous }, isAlone) {
    const isGood = outcome === 'admitted' || outcome === 'left';
    const named = ticket ? [ticket.tier, word('ticket', ticket.number), ticket.holderName].filter(part => part).join(' · ') : '';
    const more = [];
    if (previous) {
        more.push(word('before', new Date(previous.at).toLocaleTimeString(language(), { timeStyle: 'short' }), previous.by));
    }
    if (isAlone) {
        more.push(word('checkedHere'));
    }
    answer(isGood ? 'go' : 'stop', word(outcome === 'left' ? 'left_out' : outcome), named, more.join('. '), isGood);
    play(isGood);
}

const direction = () => document.querySelector('[name=direction]:checked').value;

// One after the other: the answer that stands is that of the last code.
let turn = Promise.resolve();

function take(act) {
    answer('idle', word('checking'));
    turn = turn.then(async () => {
        answer('idle', word('checking'));
        await act();
    }).catch(failure => {
        answer('stop', word('tryAgain'));
        play(false);
        console.error(failure);
    });
    return turn;
}

/** Nobody waits for it: what has been answered stands. */
async function reload() {
    if (door !== null) {
        await online(() => loadDoor(chosen));
        await showDoor();
    }
}

/** Asks the server; without a network this phone decides by itself, and tells the server later. */
async function check(what) {
    if (door === null) {
        return;
    }
    const scan = { ...what, scanId: crypto.randomUUID(), eventId: chosen, direction: direction(), scannedAt: new Date().toISOString() };
    const { scannedAt, ...request } = scan;
    let told;
    const asked = await online(async () => { told = await api.ask('/api/v1/checkins', request); });
    if (!asked) {
        if (at('sign-in').hidden) {
            await checkAlone(scan);
        }
    } else if (told.ok) {
        lastScan = { scanId: scan.scanId, isWaiting: false };
        showOutcome(told.content, false);
        await remember(told.content);
        reload();
    } else {
        answer('stop', word('tryAgain'));
        play(false);
    }
}

/** What the server has let pass counts here, too, when the network goes before the door is loaded again. */
async function remember({ outcome, ticket }) {
    if (door !== null && ticket && (outcome === 'admitted' || outcome === 'left')) {
        const { number } = ticket;
        door.inside = door.inside.filter(other => other !== number).concat(outcome === 'admitted' ? number : []);
        door.left = door.left.filter(other => other !== number).concat(outcome === 'left' ? number : []);
        await store.keep(`door/${chosen}`, { ...(await store.find(`door/${chosen}`)), door });
    }
}

async function checkAlone(scan) {
    const passed = await passedHere();
    const now = new Date();
    const known = scan.ticketId ? tickets.find(ticket => ticket.ticketId === scan.ticketId) : null;
    const { outcome, number } = known
        ? { outcome: decideNumber(known.number, null, door, passed, scan.direction, now), number: known.number }
        : await decide(scan.code, door, passed, scan.direction, now);
    if (outcome === 'admitted' || outcome === 'left') {
        await store.keepScan({ ...scan, number, order: Date.now() });
        lastScan = { scanId: scan.scanId, isWaiting: true };
    }
    showOutcome({ outcome, ticket: tickets.find(ticket => ticket.number === number) ?? (number ? { number } : null) }, true);
    await showDoor();
    await showNetwork();
}

/** Tells the server what this phone has let pass, oldest first. What was wrong comes back as a conflict of the door. */
async function sendWaiting() {
    for (const { number, order, isUndone, ...scan } of (await store.waitingScans()).sort((one, other) => one.order - other.order)) {
        const response = isUndone
            ? await api.ask(`/api/v1/checkins/${scan.scanId}/undo`, {})
            : await api.ask('/api/v1/checkins', { ...scan, offline: true });
        if (response.ok || response.status === 404 || response.status === 409 || response.status === 422) {
            await store.forgetScan(scan.scanId);
        }
    }
}

/** A scan that waits may be known to the server, whose answer was lost: so it is asked in any case, now or later. */
async function undo() {
    const scan = lastScan;
    await sending;
    const waiting = scan.isWaiting ? (await store.waitingScans()).find(kept => kept.scanId === scan.scanId) : null;
    let told;
    const asked = await online(async () => { told = await api.ask(`/api/v1/checkins/${scan.scanId}/undo`, {}); });
    if (waiting) {
        await (asked ? store.forgetScan(scan.scanId) : store.keepScan({ ...waiting, isUndone: true }));
        answer('idle', word('takenBack'));
    } else if (asked) {
        answer(told.ok ? 'idle' : 'stop', word(told.ok ? 'takenBack' : 'notTakenBack'));
    } else {
        answer('stop', word('tryAgain'), '', '', true);
    }
    await showNetwork();
    reload();
}

at('scan').addEventListener('submit', async event => {
    event.preventDefault();
    const code = at('code').value.trim();
    at('code').value = '';
    at('code').focus();
    if (code) {
        await take(() => check({ code }));
    }
});

at('undo').addEventListener('click', () => take(undo));

async function switchCamera() {
    if (stopCamera) {
        stopCamera();
        stopCamera = null;
    } else {
        try {
            at('camera-fault').textContent = '';
            stopCamera = await camera.start(at('picture'), code => take(() => check({ code })));
        } catch {
            at('camera-fault').textContent = word('noCamera');
        }
    }
    at('picture').hidden = stopCamera === null;
    at('camera').textContent = word(stopCamera ? 'stopCamera' : 'startCamera');
}

at('camera').addEventListener('click', switchCamera);

// Searching

function fold(text) {
    return (text ?? '').normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function showFound(items) {
    at('nothing-found').hidden = items.length > 0;
    at('found').replaceChildren(...items.map(ticket => {
        const item = document.createElement('li');
        const button = document.createElement('button');
        button.type = 'button';
        button.textContent = word(direction() === 'in' ? 'letIn' : 'letOut');
        button.addEventListener('click', async () => {
            await take(() => check({ ticketId: ticket.ticketId }));
            at('answer').scrollIntoView({ block: 'center' });
        });
        item.append([ticket.tier, word('ticket', ticket.number), ticket.holderName, word('order', ticket.orderNumber)].filter(part => part).join(' · '), button);
        return item;
    }));
}

at('find').addEventListener('submit', async event => {
    event.preventDefault();
    const wanted = at('search').value.trim();
    const asked = await online(async () => {
        const response = await api.ask(`/api/v1/events/${chosen}/door/tickets?limit=20&search=${encodeURIComponent(wanted)}`);
        showFound(response.ok ? response.content.items : []);
    });
    if (!asked) {
        const text = fold(wanted).replace(/-/g, '');
        const isFound = ticket => String(ticket.number) === wanted || fold(ticket.holderName).includes(text) || fold(ticket.orderNumber).replace('-', '') === text;
        showFound(tickets.filter(isFound).slice(0, 20));
    }
});

// Beginning, and going on

function showLanguage() {
    showWords();
    at('language').textContent = otherLanguage() === 'en' ? 'English' : 'Português';
    at('camera').textContent = word(stopCamera ? 'stopCamera' : 'startCamera');
}

at('language').addEventListener('click', async () => {
    choose(otherLanguage());
    showLanguage();
    if (at('answer').className === 'idle') {
        answer('idle', word('ready'));
    }
    await showNetwork();
    await showDoor();
});

async function follow() {
    if (chosen !== null && at('sign-in').hidden && sending === null) {
        const eventId = chosen;
        sending = online(async () => {
            await sendWaiting();
            await loadDoor(eventId);
            await showDoor();
        });
        try {
            await sending;
        } finally {
            sending = null;
        }
    }
}

addEventListener('online', follow);
addEventListener('offline', async () => {
    isOnline = false;
    await showNetwork();
});
setInterval(() => { if (!document.hidden) { follow(); } }, refreshEvery);

async function begin() {
    showLanguage();
    await showNetwork();
    await navigator.serviceWorker?.register('/door/sw.js', { scope: '/door' });
    const eventId = await store.find('door');
    const isKnown = (await store.find('tokens')) !== undefined;
    if (!isKnown && !(await api.takeOverSession().catch(() => false))) {
        askToSignIn();
        return;
    }
    await goOn(eventId);
}

begin();
