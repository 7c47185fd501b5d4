PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE requests(
    id TEXT NOT NULL PRIMARY KEY, fingerprint TEXT NOT NULL, operation_id BLOB NOT NULL, at INTEGER NOT NULL,
    until INTEGER NOT NULL, status INTEGER, content_type TEXT, location TEXT, etag TEXT, body BLOB) WITHOUT ROWID;
CREATE TABLE ticketbooth_file(installation TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL);
INSERT INTO ticketbooth_file VALUES('c3da26031465427b6216f1fdf069921b','requests',1);
CREATE INDEX requests_at ON requests(at);
COMMIT;
PRAGMA user_version = 1;
