PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE outbox_cursors(module TEXT NOT NULL PRIMARY KEY, sequence INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO outbox_cursors VALUES('Admissions',13);
INSERT INTO outbox_cursors VALUES('Booking',13);
INSERT INTO outbox_cursors VALUES('Dashboard',13);
INSERT INTO outbox_cursors VALUES('Events',13);
INSERT INTO outbox_cursors VALUES('Notifications',13);
INSERT INTO outbox_cursors VALUES('Payments',13);
CREATE TABLE inbox(message_id BLOB NOT NULL, consumer TEXT NOT NULL, PRIMARY KEY(message_id, consumer)) WITHOUT ROWID;
INSERT INTO inbox VALUES(X'01a22bc02e2476d3a57458b5a97277ea','RequestRefundWhenRefundDue');
INSERT INTO inbox VALUES(X'01a22bc02f227ec7b945e4be3ba45873','RequestRefundWhenRefundDue');
INSERT INTO inbox VALUES(X'01a22bc030d47ed0a0e0cd43239970f7','RequestRefundWhenPartialRefundDue');
CREATE TABLE payments(
    id BLOB NOT NULL PRIMARY KEY, order_id BLOB NOT NULL, method TEXT NOT NULL, amount INTEGER NOT NULL,
    currency TEXT NOT NULL, hold_expires_at INTEGER NOT NULL, created_at INTEGER NOT NULL, status TEXT NOT NULL,
    external_id TEXT, decline_reason TEXT, refund_reason TEXT, changed_at INTEGER NOT NULL, declined_at INTEGER, captured_at INTEGER, gateway TEXT, buyer_id BLOB, money TEXT, told INTEGER) WITHOUT ROWID;
INSERT INTO payments VALUES(X'01a22bc022ae7945a27d126c504d7a99',X'01a22bc0218b8652823fd468e1fb0001','card',20000,'BRL',639316277415601466,639316271418297253,'paid','sbx_wCuiAdQisHO1Fhf6DDjspQ',NULL,NULL,639316271420294874,NULL,639316271420294874,NULL,X'01a22bc01b1a75bcb8b686e75bdf0317',NULL,2);
INSERT INTO payments VALUES(X'01a22bc0242e7534863f776d3c327353',X'01a22bc0241d8f519f8a7f9fef190001','card',30000,'BRL',639316277421786789,639316271421980544,'paid','sbx_wCuiAT4ktXG2ZSAv36TY-A',NULL,NULL,639316271422122436,NULL,639316271422122436,NULL,X'01a22bc01b1a75bcb8b686e75bdf0317','{"moved":639316271456341265,"captures":[{"id":"sbx_wCuiAT4ktXG2ZSAv36TY-A","amount":30000,"currency":"BRL","at":"2026-11-30T09:19:02.2122436+00:00","pays":true}],"refunds":[{"id":"01a22bc0-30d0-7362-8f58-598cdfeea15a","captureId":"sbx_wCuiAT4ktXG2ZSAv36TY-A","amount":10000,"currency":"BRL","reason":"refunded-by-staff","state":"settled","externalId":"01a22bc030d073628f58598cdfeea15a","tries":0,"askedAt":"2026-11-30T09:19:05.449618+00:00","endedAt":"2026-11-30T09:19:05.6341265+00:00"}]}',13);
INSERT INTO payments VALUES(X'01a22bc024be786aa66b6d505518ac5b',X'01a22bc024b88a87ac7ea0a707f90001','pix',10000,'BRL',639316277423301513,639316271423359531,'paid','sbx_wCuiAcAkSXSHQsN4MGJD6Q',NULL,NULL,639316271443498977,NULL,639316271443498977,NULL,X'01a22bc01b1a75bcb8b686e75bdf0317',NULL,6);
INSERT INTO payments VALUES(X'01a22bc02d2d7a7badc91e9dcbeef173',X'01a22bc02d268fcfaef79ab6323f0001','card',10000,'BRL',639316277444866410,639316271444953948,'refunded','sbx_wCuiATktpnaKxutxjecBwA',NULL,'order-canceled',639316271448942373,NULL,639316271445256989,NULL,X'01a22bc01b1a75bcb8b686e75bdf0317',NULL,11);
INSERT INTO payments VALUES(X'01a22bc02e7e7113ae084a2dabd3fe01',X'01a22bc02e708309aa458c2bdcd70001','card',20000,'BRL',639316277448169679,639316271448314328,'refunded','sbx_wCuiAYAug3S96h62TZ_Nvw',NULL,'event-canceled',639316271450108670,NULL,639316271448339188,NULL,X'01a22bc01b1a75bcb8b686e75bdf0317',NULL,12);
CREATE TABLE webhooks(id TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO webhooks VALUES('msg_wCuiAdQiGHeNrMbY-_zsqQ',639316271420089307);
INSERT INTO webhooks VALUES('msg_wCuiAT4k2ni_0lnO89mnlw',639316271422096942);
INSERT INTO webhooks VALUES('msg_wCuiAcAkcniUzoA8vxHxiQ',639316271443496568);
INSERT INTO webhooks VALUES('msg_wCuiATkt9Hqxg5208oEBhQ',639316271445245572);
INSERT INTO webhooks VALUES('msg_wCuiAYAua3uRGNG2iPztBw',639316271448336702);
INSERT INTO webhooks VALUES('msg_wCuiAYUu8XWBFQq3q5_09g',639316271448910277);
INSERT INTO webhooks VALUES('msg_wCuiATAvbHCmXwjljgYCbA',639316271450117556);
INSERT INTO webhooks VALUES('msg_wCuiAWwxQXqYLb0qR58bdQ',639316271456334971);
CREATE TABLE outbox_pages(last INTEGER PRIMARY KEY, count INTEGER NOT NULL, keys BLOB NOT NULL, entries BLOB NOT NULL);
INSERT INTO outbox_pages VALUES(13,0,X'',X'');
CREATE TABLE unmatched(id BLOB NOT NULL PRIMARY KEY, is_open INTEGER NOT NULL, money TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE webhooks_unread(
    gateway TEXT NOT NULL, id TEXT NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (gateway, id)) WITHOUT ROWID;
CREATE TABLE reconciliations(
    id BLOB NOT NULL PRIMARY KEY, due INTEGER UNIQUE, summary TEXT NOT NULL, lines TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE ticketbooth_file(installation TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL);
INSERT INTO ticketbooth_file VALUES('c3da26031465427b6216f1fdf069921b','payments',36);
CREATE INDEX payments_awaiting_refund ON payments(id) WHERE status = 'paid' AND refund_reason IS NOT NULL;
CREATE INDEX webhooks_at ON webhooks(at);
CREATE INDEX payments_due ON payments(id) WHERE money ->> 'due' = 1;
CREATE INDEX payments_cases ON payments(id) WHERE money ->> 'case' IS NOT NULL;
CREATE INDEX payments_declined_of_buyer ON payments(buyer_id, declined_at) WHERE declined_at IS NOT NULL;
CREATE INDEX payments_declined_of_order ON payments(order_id) WHERE declined_at IS NOT NULL;
CREATE INDEX unmatched_open ON unmatched(id) WHERE is_open = 1;
CREATE INDEX payments_open_cases ON payments(id) WHERE money ->> 'case' = 1;
CREATE INDEX payments_refunded ON payments(changed_at) WHERE status = 'refunded';
CREATE INDEX payments_moved ON payments(money ->> 'moved') WHERE money ->> 'moved' IS NOT NULL;
CREATE INDEX payments_given_up ON payments(money ->> 'givenUp') WHERE money ->> 'givenUp' IS NOT NULL;
COMMIT;
PRAGMA user_version = 7;
