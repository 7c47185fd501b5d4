// All pages work without this script; it adds comfort.
'use strict';

// Tables that sort by each column, within the page: <table data-sortable>. A table that is updated stays sorted.
const sorted = new Map();
const captionOf = table => table.caption.id;

const valueOf = cell => {
    const shown = cell.querySelector('meter, time');
    if (shown) {
        return { unit: '', value: shown.matches('meter') ? shown.value / shown.max : shown.dateTime };
    }

    const text = cell.textContent.trim();

    // Amounts of two currencies do not compare: each currency stays together. Within it all have as many decimals, so their digits compare
    // as they do.
    return cell.matches('.number')
        ? { unit: text.replace(/[\d\s.,’−–-]/g, ''), value: Number(text.replace(/\D/g, '')) * (/^[-−]/.test(text) ? -1 : 1) }
        : { unit: '', value: text };
};

const ascending = (a, b) =>
    a.unit !== b.unit ? a.unit.localeCompare(b.unit)
    : typeof a.value === 'number' ? a.value - b.value
    : a.value.localeCompare(b.value, document.documentElement.lang);

const sort = table => {
    const chosen = sorted.get(captionOf(table));
    [...table.tHead.rows[0].cells].forEach((header, column) => {
        if (column === chosen?.column) {
            header.setAttribute('aria-sort', chosen.descending ? 'descending' : 'ascending');
        } else {
            header.removeAttribute('aria-sort');
        }
    });
    if (chosen) {
        const compare = (a, b) => ascending(a, b) * (chosen.descending ? -1 : 1);
        const rows = [...table.tBodies[0].rows].map(row => ({ row, value: valueOf(row.cells[chosen.column]) }));
        table.tBodies[0].append(...rows.sort((a, b) => compare(a.value, b.value)).map(({ row }) => row));
    }
};

// Tables whose rows become lists on a phone: each cell says its column. The roles stay when the style takes the form of a table away.
const makeStackable = root => {
    const tables = [...root.querySelectorAll('.table > table')].filter(table => table.tBodies[0].rows.length > 0);
    for (const table of tables) {
        const columns = [...table.tHead.rows[0].cells].map(header => header.textContent.trim());
        table.dataset.stacked = '';
        table.setAttribute('role', 'table');
        table.tBodies[0].setAttribute('role', 'rowgroup');
        for (const row of table.tBodies[0].rows) {
            row.setAttribute('role', 'row');
            [...row.cells].forEach((cell, column) => {
                cell.dataset.label = cell.childElementCount > 0 || cell.textContent.trim() ? columns[column] : '';
                cell.setAttribute('role', cell.matches('th') ? 'rowheader' : 'cell');
            });
        }
    }
};

const makeSortable = root => {
    for (const table of root.querySelectorAll('table[data-sortable]')) {
        [...table.tHead.rows[0].cells].forEach((header, column) => {
            if (header.matches('[data-unsorted]') || header.querySelector('.hidden-visually')) {
                return;
            }

            const button = document.createElement('button');
            button.type = 'button';
            button.className = 'sort';
            button.append(...header.childNodes);
            button.addEventListener('click', () => {
                const before = sorted.get(captionOf(table));
                sorted.set(captionOf(table), { column, descending: before?.column === column && !before.descending });
                sort(table);
            });
            header.append(button);
        });
        sort(table);
    }
};
const prepareTables = root => {
    makeStackable(root);
    makeSortable(root);
};
prepareTables(document);

// Live figures: <div data-live="URL of the stream">. The server renders them; each event replaces the content, and keeps scroll positions,
// opened details, chosen windows of time and the focus.
const live = document.querySelector('[data-live]');
if (live) {
    const state = document.querySelector('[data-live-state]');
    const say = (name, text) => {
        if (state.dataset.state !== name) {
            state.dataset.state = name;
            state.textContent = text;
        }
    };
    const focusable = 'a, button, summary, input, [tabindex]';
    const stampOf = () => live.querySelector('[data-stamp]')?.dataset.stamp;

    // Some parts with prices are not live. They are reloaded when a price changes, unless the focus is inside them.
    const renewPrices = async () => {
        const part = document.querySelector('[data-with-prices]');
        if (part && !part.contains(document.activeElement)) {
            const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
            if (answer.ok && !answer.redirected) {
                const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
                part.replaceChildren(...page.querySelector('[data-with-prices]').childNodes);
                prepareTables(part);
            }
        }
    };

    const show = html => {
        const stamp = stampOf();
        const scrolled = [...live.querySelectorAll('.table')].map(region => region.scrollLeft);
        const opened = [...live.querySelectorAll('details')].map(details => details.open);
        const chosen = [...live.querySelectorAll('input:checked')].map(input => input.id);
        const focused = [...live.querySelectorAll(focusable)].indexOf(document.activeElement);
        live.innerHTML = html;
        prepareTables(live);
        live.querySelectorAll('.table').forEach((region, i) => { region.scrollLeft = scrolled[i] ?? 0; });
        live.querySelectorAll('details').forEach((details, i) => { details.open = opened[i] ?? false; });
        chosen.forEach(id => document.getElementById(id)?.click());
        if (focused >= 0) {
            live.querySelectorAll(focusable)[focused]?.focus({ preventScroll: true });
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

            // The browser reconnects by itself, except after a response that was no stream: a starting server, or an ended session.
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

// A text to be copied is selected by a click.
for (const input of document.querySelectorAll('[data-copied]')) {
    input.addEventListener('focus', () => input.select());
}

// While a run is under way, the page reloads.
if (document.querySelector('[data-reload]')) {
    setTimeout(() => location.reload(), 2000);
}
