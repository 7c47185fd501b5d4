PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE outbox_cursors(module TEXT NOT NULL PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO outbox_cursors VALUES('Admissions',6);
INSERT INTO outbox_cursors VALUES('Booking',6);
INSERT INTO outbox_cursors VALUES('Dashboard',6);
INSERT INTO outbox_cursors VALUES('Events',6);
INSERT INTO outbox_cursors VALUES('Notifications',6);
INSERT INTO outbox_cursors VALUES('Payments',6);
CREATE TABLE inbox(message_id BLOB NOT NULL, consumer TEXT NOT NULL, PRIMARY KEY(message_id, consumer)) WITHOUT ROWID;
CREATE TABLE events(
    id BLOB NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, is_published INTEGER NOT NULL, is_canceled INTEGER NOT NULL,
    name TEXT NOT NULL, venue TEXT NOT NULL, search TEXT NOT NULL, description TEXT NOT NULL,
    starts_at INTEGER NOT NULL, published_at INTEGER, ends_selling_at INTEGER NOT NULL,
    capacity INTEGER NOT NULL, currency TEXT NOT NULL, large INTEGER NOT NULL, version INTEGER NOT NULL DEFAULT 0, policy TEXT NOT NULL DEFAULT '{"mode":"off"}', by_demand INTEGER NOT NULL DEFAULT 0, operations BLOB, undo TEXT, changed_at INTEGER NOT NULL DEFAULT 0, blocks TEXT NOT NULL DEFAULT '[]', refunds TEXT, told INTEGER);
INSERT INTO events VALUES(X'01a22bc018387857a5ef8474a2d30000',2,1,0,'Bossa Nova Night','Grand Hall',replace('bossa nova night\ngrand hall','\n',char(10)),'An evening.',662091696000000000,639316271394088630,662090832000000000,100,'BRL',0,3,'{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50}',0,X'','{"at":"2026-11-30T09:19:05.8810179+00:00","by":{"id":"01a22bc0-0a48-7e7b-bc18-8cbab1c5997f","name":"Administrator"},"reason":"adjusted","policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"tiers":[{"tierId":"01a22bc0-1838-7d26-a7c0-ca8edaa0ad1c","pricing":{"price":10000,"base":10000,"demand":0,"adjustment":1000000}},{"tierId":"01a22bc0-1838-78e8-9bf0-b5b0370b903d","pricing":{"price":25000,"base":25000,"demand":0,"adjustment":1000000}}]}',639316271458810179,'[]',NULL,6);
INSERT INTO events VALUES(X'01a22bc01a467a0986dd339529210000',3,1,1,'Tango Night','Grand Hall',replace('tango night\ngrand hall','\n',char(10)),'An evening.',662091696000000000,639316271397019725,662090832000000000,100,'BRL',0,3,'{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50}',0,X'',NULL,639316271449563159,'[]',NULL,5);
CREATE TABLE tiers(
    event_id BLOB NOT NULL REFERENCES events(id), id BLOB NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL,
    price INTEGER NOT NULL, floor INTEGER, ceiling INTEGER,
    released INTEGER NOT NULL, held INTEGER NOT NULL DEFAULT 0, sold INTEGER NOT NULL DEFAULT 0, base INTEGER NOT NULL DEFAULT 0, demand INTEGER NOT NULL DEFAULT 0, adjustment INTEGER NOT NULL DEFAULT 1000000, moved_at INTEGER, off_sale INTEGER NOT NULL DEFAULT 0, withdrawn INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY(event_id, id)) WITHOUT ROWID;
INSERT INTO tiers VALUES(X'01a22bc018387857a5ef8474a2d30000',X'01a22bc0183878e89bf0b5b0370b903d',1,'Box',27500,NULL,NULL,40,0,0,25000,0,1100000,NULL,0,0);
INSERT INTO tiers VALUES(X'01a22bc018387857a5ef8474a2d30000',X'01a22bc018387d26a7c0ca8edaa0ad1c',0,'Standard',11000,NULL,NULL,60,1,5,10000,0,1100000,NULL,0,0);
INSERT INTO tiers VALUES(X'01a22bc01a467a0986dd339529210000',X'01a22bc01a4676db81420fff6f15919e',1,'Box',25000,NULL,NULL,40,0,0,25000,0,1000000,NULL,0,0);
INSERT INTO tiers VALUES(X'01a22bc01a467a0986dd339529210000',X'01a22bc01a467a458611c5c03e69f393',0,'Standard',10000,NULL,NULL,60,0,0,10000,0,1000000,NULL,0,0);
CREATE TABLE ticket_ranges(
    event_id BLOB NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL, tier_id BLOB NOT NULL,
    PRIMARY KEY(event_id, first)) WITHOUT ROWID;
INSERT INTO ticket_ranges VALUES(X'01a22bc018387857a5ef8474a2d30000',1,60,X'01a22bc018387d26a7c0ca8edaa0ad1c');
INSERT INTO ticket_ranges VALUES(X'01a22bc018387857a5ef8474a2d30000',61,40,X'01a22bc0183878e89bf0b5b0370b903d');
INSERT INTO ticket_ranges VALUES(X'01a22bc01a467a0986dd339529210000',1,60,X'01a22bc01a467a458611c5c03e69f393');
INSERT INTO ticket_ranges VALUES(X'01a22bc01a467a0986dd339529210000',61,40,X'01a22bc01a4676db81420fff6f15919e');
CREATE TABLE sales(
    event_id BLOB NOT NULL, order_id BLOB NOT NULL, revision INTEGER NOT NULL, state INTEGER NOT NULL, tickets INTEGER NOT NULL, released INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY(event_id, order_id)) WITHOUT ROWID;
INSERT INTO sales VALUES(X'01a22bc018387857a5ef8474a2d30000',X'01a22bc0218b8652823fd468e1fb0001',2,2,2,0);
INSERT INTO sales VALUES(X'01a22bc018387857a5ef8474a2d30000',X'01a22bc0241d8f519f8a7f9fef190001',3,2,3,1);
INSERT INTO sales VALUES(X'01a22bc018387857a5ef8474a2d30000',X'01a22bc024b88a87ac7ea0a707f90001',2,2,1,0);
INSERT INTO sales VALUES(X'01a22bc018387857a5ef8474a2d30000',X'01a22bc02cec8e54a72fd27989640001',2,0,2,0);
INSERT INTO sales VALUES(X'01a22bc018387857a5ef8474a2d30000',X'01a22bc02d268fcfaef79ab6323f0001',3,0,1,1);
INSERT INTO sales VALUES(X'01a22bc018387857a5ef8474a2d30000',X'01a22bc03280868cb5c4466751930001',1,1,1,0);
INSERT INTO sales VALUES(X'01a22bc01a467a0986dd339529210000',X'01a22bc02e708309aa458c2bdcd70001',3,0,2,2);
CREATE TABLE holders(
    event_id BLOB NOT NULL, number INTEGER NOT NULL, order_id BLOB NOT NULL, sold INTEGER NOT NULL,
    PRIMARY KEY(event_id, number, order_id)) WITHOUT ROWID;
INSERT INTO holders VALUES(X'01a22bc018387857a5ef8474a2d30000',1,X'01a22bc0218b8652823fd468e1fb0001',1);
INSERT INTO holders VALUES(X'01a22bc018387857a5ef8474a2d30000',2,X'01a22bc0218b8652823fd468e1fb0001',1);
INSERT INTO holders VALUES(X'01a22bc018387857a5ef8474a2d30000',3,X'01a22bc03280868cb5c4466751930001',0);
INSERT INTO holders VALUES(X'01a22bc018387857a5ef8474a2d30000',4,X'01a22bc0241d8f519f8a7f9fef190001',1);
INSERT INTO holders VALUES(X'01a22bc018387857a5ef8474a2d30000',5,X'01a22bc0241d8f519f8a7f9fef190001',1);
INSERT INTO holders VALUES(X'01a22bc018387857a5ef8474a2d30000',6,X'01a22bc024b88a87ac7ea0a707f90001',1);
CREATE TABLE demand(
    event_id BLOB NOT NULL, minute INTEGER NOT NULL, tier_id BLOB NOT NULL, held INTEGER NOT NULL, sold INTEGER NOT NULL,
    PRIMARY KEY(event_id, minute, tier_id)) WITHOUT ROWID;
INSERT INTO demand VALUES(X'01a22bc018387857a5ef8474a2d30000',1065527119,X'01a22bc018387d26a7c0ca8edaa0ad1c',1,5);
INSERT INTO demand VALUES(X'01a22bc01a467a0986dd339529210000',1065527119,X'01a22bc01a467a458611c5c03e69f393',0,0);
CREATE TABLE price_changes(
    event_id BLOB NOT NULL, version INTEGER NOT NULL, tier_id BLOB NOT NULL, at INTEGER NOT NULL,
    from_price INTEGER, to_price INTEGER NOT NULL, cause TEXT NOT NULL,
    PRIMARY KEY(event_id, version, tier_id)) WITHOUT ROWID;
INSERT INTO price_changes VALUES(X'01a22bc018387857a5ef8474a2d30000',2,X'01a22bc0183878e89bf0b5b0370b903d',639316271394088630,NULL,25000,'{"reason":"published","by":{"id":"01a22bc0-0a48-7e7b-bc18-8cbab1c5997f","name":"Administrator"}}');
INSERT INTO price_changes VALUES(X'01a22bc018387857a5ef8474a2d30000',2,X'01a22bc018387d26a7c0ca8edaa0ad1c',639316271394088630,NULL,10000,'{"reason":"published","by":{"id":"01a22bc0-0a48-7e7b-bc18-8cbab1c5997f","name":"Administrator"}}');
INSERT INTO price_changes VALUES(X'01a22bc018387857a5ef8474a2d30000',3,X'01a22bc0183878e89bf0b5b0370b903d',639316271458810179,25000,27500,'{"reason":"adjusted","by":{"id":"01a22bc0-0a48-7e7b-bc18-8cbab1c5997f","name":"Administrator"},"percentage":10,"note":"Headliner"}');
INSERT INTO price_changes VALUES(X'01a22bc018387857a5ef8474a2d30000',3,X'01a22bc018387d26a7c0ca8edaa0ad1c',639316271458810179,10000,11000,'{"reason":"adjusted","by":{"id":"01a22bc0-0a48-7e7b-bc18-8cbab1c5997f","name":"Administrator"},"percentage":10,"note":"Headliner"}');
INSERT INTO price_changes VALUES(X'01a22bc01a467a0986dd339529210000',2,X'01a22bc01a4676db81420fff6f15919e',639316271397019725,NULL,25000,'{"reason":"published","by":{"id":"01a22bc0-0a48-7e7b-bc18-8cbab1c5997f","name":"Administrator"}}');
INSERT INTO price_changes VALUES(X'01a22bc01a467a0986dd339529210000',2,X'01a22bc01a467a458611c5c03e69f393',639316271397019725,NULL,10000,'{"reason":"published","by":{"id":"01a22bc0-0a48-7e7b-bc18-8cbab1c5997f","name":"Administrator"}}');
CREATE TABLE policy_changes(
    event_id BLOB NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, change TEXT NOT NULL,
    PRIMARY KEY(event_id, version)) WITHOUT ROWID;
CREATE TABLE outbox_pages(last INTEGER PRIMARY KEY, count INTEGER NOT NULL, keys BLOB NOT NULL, entries BLOB NOT NULL);
INSERT INTO outbox_pages VALUES(6,0,X'',X'');
CREATE TABLE ticketbooth_file(installation TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL);
INSERT INTO ticketbooth_file VALUES('c3da26031465427b6216f1fdf069921b','events',31);
CREATE INDEX events_by_start ON events(starts_at, id);
CREATE INDEX events_by_demand ON events(ends_selling_at) WHERE by_demand = 1;
CREATE INDEX events_versions ON events(id, version);
COMMIT;
PRAGMA user_version = 13;
