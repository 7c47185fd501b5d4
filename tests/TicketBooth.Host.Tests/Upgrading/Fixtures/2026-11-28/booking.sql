PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE shards(number INTEGER NOT NULL PRIMARY KEY, dedicated INTEGER NOT NULL, events INTEGER NOT NULL);
INSERT INTO shards VALUES(1,0,2);
CREATE TABLE event_shards(event_id BLOB NOT NULL PRIMARY KEY, shard INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO event_shards VALUES(X'01a229dbad38745d8efebdc455aa0000',1);
INSERT INTO event_shards VALUES(X'01a229dbaf4674adbaa4da9729210000',1);
CREATE TABLE idempotency_keys(
    buyer_id BLOB NOT NULL, key TEXT NOT NULL, order_id BLOB NOT NULL, body_hash TEXT NOT NULL, at INTEGER NOT NULL,
    refused_with TEXT, PRIMARY KEY(buyer_id, key)) WITHOUT ROWID;
CREATE INDEX idempotency_keys_at ON idempotency_keys(at);
COMMIT;
PRAGMA user_version = 1;
