PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE shards(number INTEGER NOT NULL PRIMARY KEY, dedicated INTEGER NOT NULL, events INTEGER NOT NULL);
INSERT INTO shards VALUES(1,0,2);
CREATE TABLE event_shards(event_id BLOB NOT NULL PRIMARY KEY, shard INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO event_shards VALUES(X'01a22bc018387857a5ef8474a2d30000',1);
INSERT INTO event_shards VALUES(X'01a22bc01a467a0986dd339529210000',1);
CREATE TABLE idempotency_keys(
    buyer_id BLOB NOT NULL, key TEXT NOT NULL, order_id BLOB NOT NULL, body_hash TEXT NOT NULL, at INTEGER NOT NULL,
    refused_with TEXT, PRIMARY KEY(buyer_id, key)) WITHOUT ROWID;
CREATE TABLE shifts(
    id BLOB NOT NULL PRIMARY KEY, clerk_id BLOB NOT NULL, opened_at INTEGER NOT NULL, is_open INTEGER NOT NULL,
    version INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO shifts VALUES(X'01a22bc0325177ea815f458084bf3cb0',X'01a22bc00a487e7bbc188cbab1c5997f',639316271458090321,1,1,'{"id":"01a22bc0-3251-77ea-815f-458084bf3cb0","clerk":{"id":"01a22bc0-0a48-7e7b-bc18-8cbab1c5997f","name":"Administrator"},"currency":"BRL","float":20000,"openedAt":"2026-11-30T09:19:05.8090321+00:00","version":1,"announced":[],"moves":[]}');
CREATE TABLE complimentary_allowances(event_id BLOB NOT NULL PRIMARY KEY, allowance INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE ticketbooth_file(installation TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL);
INSERT INTO ticketbooth_file VALUES('c3da26031465427b6216f1fdf069921b','booking',4);
CREATE INDEX idempotency_keys_at ON idempotency_keys(at);
CREATE UNIQUE INDEX shifts_open ON shifts(clerk_id) WHERE is_open = 1;
CREATE INDEX shifts_opened ON shifts(opened_at, id);
COMMIT;
PRAGMA user_version = 2;
