// The counter in a few key presses: keys choose, Enter sells. Everything works without this script, too.
'use strict';
{
    const sale = document.getElementById('sale');
    const isTyped = element => element.matches('input:not([type=radio]):not([type=number]), textarea, select');
    const language = document.documentElement.lang;

    for (const select of document.querySelectorAll('select[data-submits]')) {
        select.addEventListener('change', () => select.form.submit());
    }

    for (const button of document.querySelectorAll('[data-print]')) {
        button.hidden = false;
        button.addEventListener('click', () => window.print());
    }

    if (sale) {
        const quantity = sale.querySelector('#quantity');
        const tendered = sale.querySelector('#tendered');
        const money = new Intl.NumberFormat(language, { style: 'currency', currency: sale.dataset.currency });
        const unit = 10 ** money.resolvedOptions().maximumFractionDigits;
        const amountOf = text => (text.trim() ? Number(text.trim().replace(sale.dataset.decimal, '.')) : NaN);

        const show = () => {
            const method = sale.querySelector('[data-method]:checked')?.dataset.method;
            const price = method === 'Complimentary' ? 0 : Number(sale.querySelector('[data-price]:checked')?.dataset.price);
            const total = (price * Number(quantity.value)) / unit;
            sale.querySelector('[data-total]').value = Number.isFinite(total) ? money.format(total) : '–';
            const change = amountOf(tendered.value) - total;
            sale.querySelector('[data-change]').value = change >= 0 ? money.format(change) : '–';
            for (const part of sale.querySelectorAll('[data-for]')) {
                part.hidden = part.dataset.for !== method;
            }
        };
        sale.addEventListener('input', show);
        sale.addEventListener('change', show);
        show();

        document.addEventListener('keydown', event => {
            if (event.ctrlKey || event.altKey || event.metaKey || isTyped(event.target)) {
                return;
            }

            if (/^[1-9]$/.test(event.key) && event.target !== quantity) {
                quantity.value = event.key;
            } else if (event.key === 'Enter' && !event.target.closest('a, button, summary, form')) {
                sale.requestSubmit();
            } else {
                const chosen = document.querySelector(`[data-key="${CSS.escape(event.key.toUpperCase())}"]`);
                if (!chosen) {
                    return;
                }

                event.preventDefault();
                if (chosen.matches('[type=radio]')) {
                    chosen.checked = true;
                    const field = chosen.dataset.method && sale.querySelector(`[data-for="${chosen.dataset.method}"] input`);
                    show();
                    if (field && chosen.dataset.method !== 'Cash') {
                        field.focus();
                    }
                } else if (chosen.matches('input')) {
                    chosen.focus();
                } else {
                    chosen.click();
                }
            }

            show();
        });
    }
}
