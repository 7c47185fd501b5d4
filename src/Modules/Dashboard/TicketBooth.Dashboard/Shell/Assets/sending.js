// Runs before the page is there to click on: also the first form that is sent is noticed, however slow the other scripts are.
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
