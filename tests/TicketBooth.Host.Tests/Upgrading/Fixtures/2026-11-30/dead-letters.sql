PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE dead_letters(
    number INTEGER PRIMARY KEY AUTOINCREMENT, module TEXT NOT NULL, source TEXT NOT NULL, message_id BLOB NOT NULL,
    type TEXT NOT NULL, key BLOB NOT NULL, body BLOB NOT NULL, correlation_id BLOB NOT NULL, trace_parent TEXT,
    at INTEGER NOT NULL, reason TEXT NOT NULL, failed_at INTEGER NOT NULL, UNIQUE(module, message_id));
CREATE TABLE ticketbooth_file(installation TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL);
INSERT INTO ticketbooth_file VALUES('c3da26031465427b6216f1fdf069921b','dead-letters',0);
DELETE FROM sqlite_sequence;
COMMIT;
PRAGMA user_version = 1;
