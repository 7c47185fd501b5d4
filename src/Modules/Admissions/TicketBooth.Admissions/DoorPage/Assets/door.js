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

let door = null;
let tickets = [];
let lastScan = null;
let stopCamera = null;
let isOnline = true;
let isSending = false;

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
            await (door === null ? chooseDoor() : openDoor(door.eventId));
        }
    });
    if (!asked) {
        at('sign-in-fault').textContent = word('tryAgain');
    }
});

// The phone may be somebody else's next: names of ticket holders go, scans that wait for the network stay.
at('sign-out').addEventListener('click', async () => {
    await online(sendWaiting);
    await api.signOut();
    await store.forgetAll();
    door = null;
    tickets = [];
    askToSignIn();
});

// Choosing a door

async function chooseDoor() {
    const now = Date.now();
    const [from, to] = [new Date(now - reachBack).toISOString(), new Date(now + reachAhead).toISOString()];
    const { content: { items } } = await api.ask(`/api/v1/events?from=${from}&to=${to}&limit=50`);
    await store.forget('door');
    door = null;
    const list = at('event-list');
    list.replaceChildren(...items.map(event => {
        const button = document.createElement('button');
        const when = document.createElement('small');
        when.textContent = `${event.venue}, ${new Date(event.startsAt).toLocaleString(language(), { dateStyle: 'medium', timeStyle: 'short' })}`;
        button.type = 'button';
        button.append(event.name, when);
        button.addEventListener('click', async () => {
            if (!(await online(() => openDoor(event.id))) && door === null) {
                showNotLoaded();
            }
        });
        const item = document.createElement('li');
        item.append(button);
        return item;
    }));
    at('no-events').hidden = items.length > 0;
    at('no-events').textContent = word('noEvents');
    open('events');
}

function showNotLoaded() {
    open('events');
    at('no-events').hidden = false;
    at('no-events').textContent = word('notLoaded');
}

at('other-door').addEventListener('click', () => online(chooseDoor));

// The door

/** Opens what this phone has kept of the door, and only then asks the network. */
async function openDoor(eventId) {
    const kept = await store.find(`door/${eventId}`);
    door = kept?.door ?? null;
    tickets = (await store.find(`tickets/${eventId}`)) ?? [];
    await store.keep('door', eventId);
    if (door === null) {
        await loadDoor(eventId);
        await beReady();
    } else {
        await beReady();
        await loadDoor(eventId);
        await showDoor();
    }
    online(() => loadTickets(eventId));
}

async function beReady() {
    if (door !== null) {
        answer('idle', word('ready'));
        await showDoor();
    }
}

/** Loads the door when it has changed. */
async function loadDoor(eventId) {
    const kept = await store.find(`door/${eventId}`);
    const response = await api.ask(`/api/v1/events/${eventId}/door`, undefined, kept ? { 'If-None-Match': kept.tag } : {});
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
        if (!ok) {
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
    for (const scan of (await store.waitingScans()).filter(scan => scan.eventId === door.eventId).sort((one, other) => one.order - other.order)) {
        passed.set(scan.number, scan.direction);
    }
    return passed;
}

async function showDoor() {
    if (at('sign-in').hidden) {
        open('door');
    }
    at('show-name').textContent = door.name;
    const passed = await passedHere();
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

// One check at a time: the answer that stands is that of the last code.
let checking = Promise.resolve();

function check(what) {
    checking = checking.then(() => checkNow(what)).catch(failure => {
        answer('stop', word('tryAgain'));
        play(false);
        console.error(failure);
    });
    return checking;
}

/** Asks the server; without a network this phone decides by itself, and tells the server later. */
async function checkNow(what) {
    answer('idle', word('checking'));
    const scan = { ...what, scanId: crypto.randomUUID(), eventId: door.eventId, direction: direction(), scannedAt: new Date().toISOString() };
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
        await online(() => loadDoor(door.eventId));
        await showDoor();
    } else {
        answer('stop', word('tryAgain'));
        play(false);
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
    for (const { number, order, ...scan } of (await store.waitingScans()).sort((one, other) => one.order - other.order)) {
        const response = await api.ask('/api/v1/checkins', { ...scan, offline: true });
        if (response.ok || response.status === 409 || response.status === 422) {
            await store.forgetScan(scan.scanId);
        }
    }
}

at('scan').addEventListener('submit', async event => {
    event.preventDefault();
    const code = at('code').value.trim();
    at('code').value = '';
    at('code').focus();
    if (code) {
        await check({ code });
    }
});

at('undo').addEventListener('click', async () => {
    const scan = lastScan;
    if (scan.isWaiting && (await store.waitingScans()).some(waiting => waiting.scanId === scan.scanId)) {
        await store.forgetScan(scan.scanId);
        answer('idle', word('takenBack'));
    } else {
        const asked = await online(async () => {
            const response = await api.ask(`/api/v1/checkins/${scan.scanId}/undo`, {});
            answer(response.ok ? 'idle' : 'stop', word(response.ok ? 'takenBack' : 'notTakenBack'));
        });
        if (asked) {
            await online(() => loadDoor(door.eventId));
        } else {
            answer('stop', word('tryAgain'));
        }
    }
    await showDoor();
    await showNetwork();
});

at('camera').addEventListener('click', async () => {
    if (stopCamera) {
        stopCamera();
        stopCamera = null;
    } else {
        try {
            at('camera-fault').textContent = '';
            stopCamera = await camera.start(at('picture'), code => check({ code }));
        } catch {
            at('camera-fault').textContent = word('noCamera');
        }
    }
    at('picture').hidden = stopCamera === null;
    at('camera').textContent = word(stopCamera ? 'stopCamera' : 'startCamera');
});

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
            await check({ ticketId: ticket.ticketId });
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
        const response = await api.ask(`/api/v1/events/${door.eventId}/door/tickets?limit=20&search=${encodeURIComponent(wanted)}`);
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
    answer('idle', word('ready'));
    await showNetwork();
    if (door !== null) {
        await showDoor();
    }
});

async function follow() {
    if (door !== null && at('sign-in').hidden && !isSending) {
        isSending = true;
        try {
            await online(async () => {
                await sendWaiting();
                await loadDoor(door.eventId);
                await showDoor();
            });
        } finally {
            isSending = false;
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
    if (!(await online(() => (eventId ? openDoor(eventId) : chooseDoor()))) && door === null && at('sign-in').hidden) {
        showNotLoaded();
    }
}

begin();
