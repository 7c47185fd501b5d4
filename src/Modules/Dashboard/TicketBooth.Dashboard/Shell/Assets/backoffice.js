// Everything works without this script; it only spares people mistakes.
'use strict';

// A form that must not be sent twice by a second click: <form data-once>.
document.addEventListener('submit', event => {
    const form = event.target;
    if (!form.matches('[data-once]')) {
        return;
    }

    if (form.dataset.sent) {
        event.preventDefault();
        return;
    }

    form.dataset.sent = 'yes';
    for (const button of form.querySelectorAll('button')) {
        button.setAttribute('aria-disabled', 'true');
    }
});

// Back with the browser's button: the page may come out of its cache as it was left.
window.addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[data-sent]')) {
        delete form.dataset.sent;
        for (const button of form.querySelectorAll('button')) {
            button.removeAttribute('aria-disabled');
        }
    }
});

// Live figures: <div data-live="address of the stream">. The server draws them; what comes replaces what is there, without moving what somebody reads or has opened.
const live = document.querySelector('[data-live]');
if (live) {
    const state = document.querySelector('[data-live-state]');
    const say = (name, text) => {
        if (state.dataset.state !== name) {
            state.dataset.state = name;
            state.textContent = text;
        }
    };
    const stampOf = () => live.querySelector('[data-stamp]')?.dataset.stamp;

    // Prices stand in parts of the page that are not live; those are fetched anew when a price has moved, unless somebody is in the middle of them.
    const renewPrices = async () => {
        const part = document.querySelector('[data-with-prices]');
        if (part && !part.contains(document.activeElement)) {
            const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
            if (answer.ok && !answer.redirected) {
                const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
                part.replaceChildren(...page.querySelector('[data-with-prices]').childNodes);
            }
        }
    };

    const show = html => {
        const stamp = stampOf();
        const scrolled = [...live.querySelectorAll('.table')].map(region => region.scrollLeft);
        const opened = [...live.querySelectorAll('details')].map(details => details.open);
        const focused = [...live.querySelectorAll('a, summary, [tabindex]')].indexOf(document.activeElement);
        live.innerHTML = html;
        live.querySelectorAll('.table').forEach((region, i) => { region.scrollLeft = scrolled[i] ?? 0; });
        live.querySelectorAll('details').forEach((details, i) => { details.open = opened[i] ?? false; });
        if (focused >= 0) {
            live.querySelectorAll('a, summary, [tabindex]')[focused]?.focus({ preventScroll: true });
        }

        if (stampOf() !== stamp) {
            renewPrices();
        }
    };

    let stream;
    const connect = () => {
        stream = new EventSource(live.dataset.live);
        stream.addEventListener('figures', event => {
            say('now', state.dataset.now);
            show(event.data);
        });
        stream.addEventListener('error', () => {
            say('lost', state.dataset.lost);

            // The browser tries again by itself, except after an answer that was no stream: a server that starts, or a session that has ended.
            if (stream.readyState === EventSource.CLOSED) {
                setTimeout(connect, 5000);
            }
        });
    };
    connect();
    window.addEventListener('pagehide', () => stream.close());
    window.addEventListener('pageshow', event => {
        if (event.persisted) {
            connect();
        }
    });
}

// Long work under way: the page looks again until it is done.
if (document.querySelector('[data-reload]')) {
    setTimeout(() => location.reload(), 2000);
}
