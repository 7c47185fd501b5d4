// What the phone keeps: its sign-in, the doors that it has loaded with their tickets, and scans that wait for the network.
const opened = new Promise((resolve, reject) => {
    const request = indexedDB.open('ticketbooth-door', 1);
    request.onupgradeneeded = () => {
        request.result.createObjectStore('kept');
        request.result.createObjectStore('scans', { keyPath: 'scanId' });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
});

async function run(store, mode, act) {
    const database = await opened;
    return new Promise((resolve, reject) => {
        const transaction = database.transaction(store, mode);
        const request = act(transaction.objectStore(store));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onerror = () => reject(transaction.error);
        transaction.onabort = () => reject(transaction.error);
    });
}

export const find = key => run('kept', 'readonly', kept => kept.get(key));
export const keep = (key, value) => run('kept', 'readwrite', kept => kept.put(value, key));
export const forget = key => run('kept', 'readwrite', kept => kept.delete(key));
export const forgetAll = () => run('kept', 'readwrite', kept => kept.clear());
export const waitingScans = () => run('scans', 'readonly', scans => scans.getAll());
export const keepScan = scan => run('scans', 'readwrite', scans => scans.put(scan));
export const forgetScan = scanId => run('scans', 'readwrite', scans => scans.delete(scanId));
