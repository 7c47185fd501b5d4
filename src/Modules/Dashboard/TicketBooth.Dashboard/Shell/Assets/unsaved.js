// Keeps what is typed into <form data-keep="name" data-restore="address"> until the server has it: for this tab, also when the page is left
// or the session ends. A form whose page was made from what was typed, and not from what is stored, is marked with data-typed="true".
'use strict';
{
    const Prefix = 'unsaved:';
    const keyOf = form => Prefix + form.dataset.keep;
    const fieldsOf = form => [...new FormData(form)].filter(([name]) => name !== '__RequestVerificationToken');
    const keep = (form, isSent) =>
        sessionStorage.setItem(keyOf(form), JSON.stringify({ fields: fieldsOf(form), isSent }));
    const keptOf = key => JSON.parse(sessionStorage.getItem(key));

    // Only a page that says that something was done proves that the server has what was sent.
    if (document.querySelector('.note.done')) {
        for (const key of Object.keys(sessionStorage).filter(key => key.startsWith(Prefix) && keptOf(key).isSent)) {
            sessionStorage.removeItem(key);
        }
    }

    const restore = (form, fields) => {
        const again = document.createElement('form');
        again.method = 'post';
        again.action = form.dataset.restore;
        const token = form.querySelector('[name=__RequestVerificationToken]').value;
        for (const [name, value] of [...fields, ['__RequestVerificationToken', token]]) {
            const field = document.createElement('input');
            field.type = 'hidden';
            field.name = name;
            field.value = value;
            again.append(field);
        }

        document.body.append(again);
        again.submit();
    };

    let isLeaving = false;
    const forms = [...document.querySelectorAll('form[data-keep]')].map(form => {
        const stored = JSON.stringify(fieldsOf(form));
        return { form, isDirty: () => form.dataset.typed === 'true' || JSON.stringify(fieldsOf(form)) !== stored };
    });
    for (const { form, isDirty } of forms) {
        const kept = keptOf(keyOf(form));
        if (form.dataset.sent) {
            // It was sent before this script was there.
            keep(form, true);
            isLeaving = true;
        } else if (form.dataset.typed === 'true') {
            keep(form, false);
        } else if (kept && !isLeaving) {
            isLeaving = true;
            restore(form, kept.fields);
        }

        form.addEventListener('input', () => {
            if (isDirty()) {
                keep(form, false);
            } else {
                sessionStorage.removeItem(keyOf(form));
            }
        });
        form.addEventListener('submit', () => {
            keep(form, true);
            isLeaving = true;
        });
    }

    window.addEventListener('beforeunload', event => {
        if (!isLeaving && forms.some(({ isDirty }) => isDirty())) {
            event.preventDefault();
        }
    });
    window.addEventListener('pageshow', event => {
        isLeaving &&= !event.persisted;
    });
    document.addEventListener('click', event => {
        const discard = event.target.closest('a[data-discard]');
        if (discard) {
            sessionStorage.removeItem(Prefix + discard.dataset.discard);
            isLeaving = true;
        }
    });
}
