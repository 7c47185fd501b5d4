PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE outbox(
    sequence INTEGER PRIMARY KEY, message_id BLOB NOT NULL, type TEXT NOT NULL, key BLOB NOT NULL, body BLOB NOT NULL,
    correlation_id BLOB NOT NULL, trace_parent TEXT, at INTEGER NOT NULL);
INSERT INTO outbox VALUES(6,X'01a229dbb6277a50ab799ee26ca05411','urn:message:TicketBooth.Events.Contracts:EventCanceled',X'01a229dbaf4674adbaa4da9729210000',X'7b0a2020226576656e744964223a202230316132323964622d616634362d373461642d626161342d646139373239323130303030222c0a2020227265766973696f6e223a20332c0a2020226174223a2022323032362d31312d33305430303a32393a35342e353939323432322b30303a3030220a7d',X'01a229dbaf4674adbaa4da9729210000','00-a32cbd043de1629f0ba3dd6e5843e75a-6339bffef138d045-00',639315953945992422);
CREATE TABLE outbox_cursors(module TEXT NOT NULL PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO outbox_cursors VALUES('Booking',6);
INSERT INTO outbox_cursors VALUES('Dashboard',6);
INSERT INTO outbox_cursors VALUES('Events',6);
INSERT INTO outbox_cursors VALUES('Payments',6);
CREATE TABLE inbox(message_id BLOB NOT NULL, consumer TEXT NOT NULL, PRIMARY KEY(message_id, consumer)) WITHOUT ROWID;
INSERT INTO inbox VALUES(X'01a229dbb0a378f281ce982d01db2324','HoldTicketsWhenOrderPlaced');
INSERT INTO inbox VALUES(X'01a229dbb211786495a8216f247f0f16','SellTicketsWhenOrderPaid');
INSERT INTO inbox VALUES(X'01a229dbb36e7ace84a1f56a214b9022','HoldTicketsWhenOrderPlaced');
INSERT INTO inbox VALUES(X'01a229dbb3987bd7944eea40e96e51c1','SellTicketsWhenOrderPaid');
INSERT INTO inbox VALUES(X'01a229dbb49d7a55928fea6aa7f2962f','HoldTicketsWhenOrderPlaced');
INSERT INTO inbox VALUES(X'01a229dbb4df7bd4aaa82240e59dc63b','SellTicketsWhenOrderPaid');
INSERT INTO inbox VALUES(X'01a229dbb4e675c9b6217a48b8849819','HoldTicketsWhenOrderPlaced');
INSERT INTO inbox VALUES(X'01a229dbb4f070b5b5e30cf56c84ba77','ReleaseTicketsWhenOrderCanceled');
INSERT INTO inbox VALUES(X'01a229dbb50376fcb5f66fc94b052fd4','HoldTicketsWhenOrderPlaced');
INSERT INTO inbox VALUES(X'01a229dbb52478d69ff65e9cb4c06110','SellTicketsWhenOrderPaid');
INSERT INTO inbox VALUES(X'01a229dbb63474a39ede2ab40123cd12','ReleaseTicketsWhenOrderRefunded');
INSERT INTO inbox VALUES(X'01a229dbb735741cbd15f362251e8909','HoldTicketsWhenOrderPlaced');
CREATE TABLE events(
    id BLOB NOT NULL PRIMARY KEY, revision INTEGER NOT NULL, is_published INTEGER NOT NULL, is_canceled INTEGER NOT NULL,
    name TEXT NOT NULL, venue TEXT NOT NULL, search TEXT NOT NULL, description TEXT NOT NULL,
    starts_at INTEGER NOT NULL, published_at INTEGER, ends_selling_at INTEGER NOT NULL,
    capacity INTEGER NOT NULL, currency TEXT NOT NULL, large INTEGER NOT NULL, version INTEGER NOT NULL DEFAULT 0, policy TEXT NOT NULL DEFAULT '{"mode":"off"}', by_demand INTEGER NOT NULL DEFAULT 0);
INSERT INTO events VALUES(X'01a229dbad38745d8efebdc455aa0000',2,1,0,'Bossa Nova Night','Grand Hall',replace('bossa nova night\ngrand hall','\n',char(10)),'An evening.',642315600000000000,639315953924069412,642315528000000000,60,'BRL',0,3,'{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50}',0);
INSERT INTO events VALUES(X'01a229dbaf4674adbaa4da9729210000',3,1,1,'Canceled Show','Grand Hall',replace('canceled show\ngrand hall','\n',char(10)),'None.',642341520000000000,639315953928545391,642341448000000000,10,'BRL',0,3,'{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50}',0);
CREATE TABLE tiers(
    event_id BLOB NOT NULL REFERENCES events(id), id BLOB NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL,
    price INTEGER NOT NULL, floor INTEGER, ceiling INTEGER,
    released INTEGER NOT NULL, held INTEGER NOT NULL DEFAULT 0, sold INTEGER NOT NULL DEFAULT 0, base INTEGER NOT NULL DEFAULT 0, demand INTEGER NOT NULL DEFAULT 0, adjustment INTEGER NOT NULL DEFAULT 1000000, moved_at INTEGER,
    PRIMARY KEY(event_id, id)) WITHOUT ROWID;
INSERT INTO tiers VALUES(X'01a229dbad38745d8efebdc455aa0000',X'01a229dbad3876519a7db31fc16ece13',0,'Standard',11000,NULL,NULL,40,0,0,10000,0,1100000,NULL);
INSERT INTO tiers VALUES(X'01a229dbad38745d8efebdc455aa0000',X'01a229dbad387ac5b6cdc9ba3132c2ae',1,'Balcony',5500,NULL,NULL,20,1,6,5000,0,1100000,NULL);
INSERT INTO tiers VALUES(X'01a229dbaf4674adbaa4da9729210000',X'01a229dbaf467b428f21b99c5a7cd005',0,'Standard',7000,NULL,NULL,10,0,0,7000,0,1000000,NULL);
CREATE TABLE ticket_ranges(
    event_id BLOB NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL, tier_id BLOB NOT NULL,
    PRIMARY KEY(event_id, first)) WITHOUT ROWID;
INSERT INTO ticket_ranges VALUES(X'01a229dbad38745d8efebdc455aa0000',1,40,X'01a229dbad3876519a7db31fc16ece13');
INSERT INTO ticket_ranges VALUES(X'01a229dbad38745d8efebdc455aa0000',41,20,X'01a229dbad387ac5b6cdc9ba3132c2ae');
INSERT INTO ticket_ranges VALUES(X'01a229dbaf4674adbaa4da9729210000',1,10,X'01a229dbaf467b428f21b99c5a7cd005');
CREATE TABLE sales(
    event_id BLOB NOT NULL, order_id BLOB NOT NULL, revision INTEGER NOT NULL, state INTEGER NOT NULL, tickets INTEGER NOT NULL,
    PRIMARY KEY(event_id, order_id)) WITHOUT ROWID;
INSERT INTO sales VALUES(X'01a229dbad38745d8efebdc455aa0000',X'01a229dbb092890bbf83e2e246c40001',2,2,2);
INSERT INTO sales VALUES(X'01a229dbad38745d8efebdc455aa0000',X'01a229dbb36e8032b1d567162ca70001',2,2,2);
INSERT INTO sales VALUES(X'01a229dbad38745d8efebdc455aa0000',X'01a229dbb49d8605bb10fd30e68e0001',2,2,2);
INSERT INTO sales VALUES(X'01a229dbad38745d8efebdc455aa0000',X'01a229dbb4e6822f8e15aaa3617c0001',2,0,1);
INSERT INTO sales VALUES(X'01a229dbad38745d8efebdc455aa0000',X'01a229dbb7348bb5a5b83d351c1f0001',1,1,1);
INSERT INTO sales VALUES(X'01a229dbaf4674adbaa4da9729210000',X'01a229dbb5038c1497ced2dda2060001',3,0,2);
CREATE TABLE holders(
    event_id BLOB NOT NULL, number INTEGER NOT NULL, order_id BLOB NOT NULL, sold INTEGER NOT NULL,
    PRIMARY KEY(event_id, number, order_id)) WITHOUT ROWID;
INSERT INTO holders VALUES(X'01a229dbad38745d8efebdc455aa0000',41,X'01a229dbb092890bbf83e2e246c40001',1);
INSERT INTO holders VALUES(X'01a229dbad38745d8efebdc455aa0000',42,X'01a229dbb092890bbf83e2e246c40001',1);
INSERT INTO holders VALUES(X'01a229dbad38745d8efebdc455aa0000',43,X'01a229dbb36e8032b1d567162ca70001',1);
INSERT INTO holders VALUES(X'01a229dbad38745d8efebdc455aa0000',44,X'01a229dbb36e8032b1d567162ca70001',1);
INSERT INTO holders VALUES(X'01a229dbad38745d8efebdc455aa0000',45,X'01a229dbb49d8605bb10fd30e68e0001',1);
INSERT INTO holders VALUES(X'01a229dbad38745d8efebdc455aa0000',46,X'01a229dbb49d8605bb10fd30e68e0001',1);
INSERT INTO holders VALUES(X'01a229dbad38745d8efebdc455aa0000',47,X'01a229dbb7348bb5a5b83d351c1f0001',0);
CREATE TABLE demand(
    event_id BLOB NOT NULL, minute INTEGER NOT NULL, tier_id BLOB NOT NULL, held INTEGER NOT NULL, sold INTEGER NOT NULL,
    PRIMARY KEY(event_id, minute, tier_id)) WITHOUT ROWID;
INSERT INTO demand VALUES(X'01a229dbad38745d8efebdc455aa0000',1065526589,X'01a229dbad387ac5b6cdc9ba3132c2ae',1,6);
INSERT INTO demand VALUES(X'01a229dbaf4674adbaa4da9729210000',1065526589,X'01a229dbaf467b428f21b99c5a7cd005',0,0);
CREATE TABLE price_changes(
    event_id BLOB NOT NULL, version INTEGER NOT NULL, tier_id BLOB NOT NULL, at INTEGER NOT NULL,
    from_price INTEGER, to_price INTEGER NOT NULL, cause TEXT NOT NULL,
    PRIMARY KEY(event_id, version, tier_id)) WITHOUT ROWID;
INSERT INTO price_changes VALUES(X'01a229dbad38745d8efebdc455aa0000',2,X'01a229dbad3876519a7db31fc16ece13',639315953924069412,NULL,10000,'{"reason":"published","by":{"id":"01a229db-9a61-701d-a40e-d7d5749ea7fa","name":"Administrator"}}');
INSERT INTO price_changes VALUES(X'01a229dbad38745d8efebdc455aa0000',2,X'01a229dbad387ac5b6cdc9ba3132c2ae',639315953924069412,NULL,5000,'{"reason":"published","by":{"id":"01a229db-9a61-701d-a40e-d7d5749ea7fa","name":"Administrator"}}');
INSERT INTO price_changes VALUES(X'01a229dbad38745d8efebdc455aa0000',3,X'01a229dbad3876519a7db31fc16ece13',639315953926347996,10000,11000,'{"reason":"adjusted","by":{"id":"01a229db-9a61-701d-a40e-d7d5749ea7fa","name":"Administrator"},"percentage":10}');
INSERT INTO price_changes VALUES(X'01a229dbad38745d8efebdc455aa0000',3,X'01a229dbad387ac5b6cdc9ba3132c2ae',639315953926347996,5000,5500,'{"reason":"adjusted","by":{"id":"01a229db-9a61-701d-a40e-d7d5749ea7fa","name":"Administrator"},"percentage":10}');
INSERT INTO price_changes VALUES(X'01a229dbaf4674adbaa4da9729210000',2,X'01a229dbaf467b428f21b99c5a7cd005',639315953928545391,NULL,7000,'{"reason":"published","by":{"id":"01a229db-9a61-701d-a40e-d7d5749ea7fa","name":"Administrator"}}');
CREATE TABLE policy_changes(
    event_id BLOB NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, change TEXT NOT NULL,
    PRIMARY KEY(event_id, version)) WITHOUT ROWID;
CREATE INDEX events_by_start ON events(starts_at, id);
CREATE INDEX events_by_demand ON events(ends_selling_at) WHERE by_demand = 1;
COMMIT;
PRAGMA user_version = 3;
