// Every word of the page, in both languages.
const english = {
    title: 'The door', signInWhy: 'Sign in to let people in.', email: 'E-mail', password: 'Password', secondCode: 'Code of your authenticator app',
    signIn: 'Sign in', signOut: 'Sign out', whichDoor: 'Which door?', noEvents: 'No event has its show today or in the next days.',
    otherDoor: 'Other door', inside: 'Inside', toCome: 'To come', left: 'Left', undo: 'Take back',
    typeCode: 'Code: type it, or scan with a hand scanner', direction: 'Direction', in: 'In', out: 'Out', check: 'Check',
    startCamera: 'Scan with the camera', stopCamera: 'Stop the camera', noCamera: 'The camera cannot be used. Allow it in the browser, or type the code.',
    find: 'Find a ticket by name, order or number', search: 'Search', nothingFound: 'No ticket found.', letIn: 'Let in', letOut: 'Let out',
    conflicts: 'Let in twice while offline', conflictsWhy: 'These were let in by a phone without a network, and should not have been.',
    online: 'Online', offline: 'Offline', waiting: '{0} waiting', ready: 'Ready', checking: 'Checking…', ticket: 'No. {0}', order: 'Order {0}', before: '{0}, {1}',
    takenBack: 'Taken back', notTakenBack: 'It cannot be taken back any more.', checkedHere: 'Checked by this phone alone',
    notLoaded: 'This phone has not loaded this door yet. Go online once.', wrongPassword: 'E-mail or password is wrong.', wrongCode: 'The code is wrong.',
    noAccess: 'This account may not work at the door.', tryAgain: 'It did not work. Try again.', signInAgain: 'Your sign-in has ended. Sign in again.',
    admitted: 'Welcome', already_admitted: 'Already admitted', void: 'Void', wrong_event: 'Another event', too_early: 'Too early', too_late: 'Too late',
    unknown_code: 'Unknown code', forged: 'Forged', left_out: 'Goodbye', not_inside: 'Not inside', in_transfer: 'Being transferred',
};
const portuguese = {
    title: 'A porta', signInWhy: 'Entre para liberar a entrada.', email: 'E-mail', password: 'Senha', secondCode: 'Código do aplicativo autenticador',
    signIn: 'Entrar', signOut: 'Sair da conta', whichDoor: 'Qual porta?', noEvents: 'Nenhum evento hoje ou nos próximos dias.',
    otherDoor: 'Outra porta', inside: 'Dentro', toCome: 'Faltam', left: 'Saíram', undo: 'Desfazer',
    typeCode: 'Código: digite ou use o leitor', direction: 'Sentido', in: 'Entrada', out: 'Saída', check: 'Verificar',
    startCamera: 'Ler com a câmera', stopCamera: 'Parar a câmera', noCamera: 'A câmera não pode ser usada. Permita no navegador ou digite o código.',
    find: 'Encontrar um ingresso por nome, pedido ou número', search: 'Buscar', nothingFound: 'Nenhum ingresso encontrado.', letIn: 'Liberar entrada', letOut: 'Liberar saída',
    conflicts: 'Liberados duas vezes sem rede', conflictsWhy: 'Um celular sem rede liberou estes ingressos, e não deveria.',
    online: 'Com rede', offline: 'Sem rede', waiting: '{0} a enviar', ready: 'Pronto', checking: 'Verificando…', ticket: 'Nº {0}', order: 'Pedido {0}', before: '{0}, {1}',
    takenBack: 'Desfeito', notTakenBack: 'Não pode mais ser desfeito.', checkedHere: 'Verificado só por este celular',
    notLoaded: 'Este celular ainda não carregou esta porta. Conecte-se uma vez.', wrongPassword: 'E-mail ou senha incorretos.', wrongCode: 'O código está incorreto.',
    noAccess: 'Esta conta não pode trabalhar na porta.', tryAgain: 'Não funcionou. Tente de novo.', signInAgain: 'Sua sessão terminou. Entre de novo.',
    admitted: 'Bem-vindo', already_admitted: 'Já entrou', void: 'Sem validade', wrong_event: 'Outro evento', too_early: 'Cedo demais', too_late: 'Tarde demais',
    unknown_code: 'Código desconhecido', forged: 'Falsificado', left_out: 'Até logo', not_inside: 'Não está dentro', in_transfer: 'Em transferência',
};
const all = { en: english, 'pt-BR': portuguese };
let current = localStorage.getItem('door-language') ?? (navigator.language.startsWith('pt') ? 'pt-BR' : 'en');

export const word = (key, ...values) => values.reduce((text, value, i) => text.replace(`{${i}}`, value), all[current][key]);

export const language = () => current;

export const otherLanguage = () => (current === 'en' ? 'pt-BR' : 'en');

export function choose(chosen) {
    current = chosen;
    localStorage.setItem('door-language', chosen);
}

export function show() {
    document.documentElement.lang = current;
    for (const element of document.querySelectorAll('[data-word]')) {
        element.textContent = word(element.dataset.word);
    }
}
