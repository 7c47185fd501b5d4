PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
    "ProductVersion" TEXT NOT NULL
);
INSERT INTO __EFMigrationsHistory VALUES('20261123150419_Initial','9.0.23');
INSERT INTO __EFMigrationsHistory VALUES('20261124040828_PaymentTimes','9.0.23');
CREATE TABLE IF NOT EXISTS "DashboardActs" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_DashboardActs" PRIMARY KEY,
    "ActId" TEXT NOT NULL,
    "At" INTEGER NOT NULL,
    "ById" TEXT NOT NULL,
    "ByName" TEXT NOT NULL,
    "Kind" TEXT NOT NULL,
    "SubjectId" TEXT NULL,
    "Request" TEXT NOT NULL,
    "Before" TEXT NULL,
    "After" TEXT NULL,
    "Outcome" TEXT NOT NULL
);
INSERT INTO DashboardActs VALUES('01A229DB-54A3-7012-A2F6-8E8A523B52CA','01A229DB-54A3-7012-A2F6-8E8A523B52CA',639315953696351097,'01A229DB-3E88-77D6-833C-E6CCF148F609','Administrator','create-event',NULL,'{"form":{"name":"Bossa Nova Night","venue":"Grand Hall","description":"An evening.","startsAt":"2036-06-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-06-01T18:00:00+00:00","capacity":60,"currency":null,"large":false,"tiers":[{"id":null,"name":"Standard","price":10000,"tickets":40,"floor":null,"ceiling":null},{"id":null,"name":"Balcony","price":5000,"tickets":20,"floor":null,"ceiling":null}]},"by":{"id":"01a229db-3e88-77d6-833c-e6ccf148f609","name":"Administrator"}}',NULL,NULL,'begun');
INSERT INTO DashboardActs VALUES('01A229DB-56C5-777C-A5F7-83BE6447DDA9','01A229DB-54A3-7012-A2F6-8E8A523B52CA',639315953701813404,'01A229DB-3E88-77D6-833C-E6CCF148F609','Administrator','create-event',NULL,'{"form":{"name":"Bossa Nova Night","venue":"Grand Hall","description":"An evening.","startsAt":"2036-06-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-06-01T18:00:00+00:00","capacity":60,"currency":null,"large":false,"tiers":[{"id":null,"name":"Standard","price":10000,"tickets":40,"floor":null,"ceiling":null},{"id":null,"name":"Balcony","price":5000,"tickets":20,"floor":null,"ceiling":null}]},"by":{"id":"01a229db-3e88-77d6-833c-e6ccf148f609","name":"Administrator"}}',NULL,'{"id":"01a229db-568f-7080-8826-c32018c90000","name":"Bossa Nova Night","venue":"Grand Hall","startsAt":"2036-06-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-06-01T18:00:00+00:00","status":"draft","currency":"BRL","capacity":60,"available":60,"priceFrom":5000,"description":"An evening.","large":false,"tiers":[{"id":"01a229db-568f-751c-91b5-36f0927ed0e2","name":"Standard","price":10000,"capacity":40,"available":40,"priceValidUntil":null},{"id":"01a229db-568f-7e55-a467-d9dc4432fb0e","name":"Balcony","price":5000,"capacity":20,"available":20,"priceValidUntil":null}]}','done');
INSERT INTO DashboardActs VALUES('01A229DB-56DF-769B-8492-EB15212ED2FB','01A229DB-56DF-769B-8492-EB15212ED2FB',639315953702078200,'01A229DB-3E88-77D6-833C-E6CCF148F609','Administrator','publish-event','01A229DB-568F-7080-8826-C32018C90000','{"eventId":"01a229db-568f-7080-8826-c32018c90000","by":{"id":"01a229db-3e88-77d6-833c-e6ccf148f609","name":"Administrator"},"revision":null}','{"status":"draft","form":{"name":"Bossa Nova Night","venue":"Grand Hall","description":"An evening.","startsAt":"2036-06-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-06-01T18:00:00+00:00","capacity":60,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-568f-751c-91b5-36f0927ed0e2","name":"Standard","price":10000,"tickets":40,"floor":null,"ceiling":null},{"id":"01a229db-568f-7e55-a467-d9dc4432fb0e","name":"Balcony","price":5000,"tickets":20,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":10000},{"name":"Balcony","price":5000}]}',NULL,'begun');
INSERT INTO DashboardActs VALUES('01A229DB-5742-7815-8003-0A0530E38DED','01A229DB-56DF-769B-8492-EB15212ED2FB',639315953703065108,'01A229DB-3E88-77D6-833C-E6CCF148F609','Administrator','publish-event','01A229DB-568F-7080-8826-C32018C90000','{"eventId":"01a229db-568f-7080-8826-c32018c90000","by":{"id":"01a229db-3e88-77d6-833c-e6ccf148f609","name":"Administrator"},"revision":null}','{"status":"draft","form":{"name":"Bossa Nova Night","venue":"Grand Hall","description":"An evening.","startsAt":"2036-06-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-06-01T18:00:00+00:00","capacity":60,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-568f-751c-91b5-36f0927ed0e2","name":"Standard","price":10000,"tickets":40,"floor":null,"ceiling":null},{"id":"01a229db-568f-7e55-a467-d9dc4432fb0e","name":"Balcony","price":5000,"tickets":20,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":10000},{"name":"Balcony","price":5000}]}','{"status":"published","form":{"name":"Bossa Nova Night","venue":"Grand Hall","description":"An evening.","startsAt":"2036-06-01T20:00:00+00:00","publishedAt":"2026-11-30T00:29:30.2464692+00:00","endsSellingAt":"2036-06-01T18:00:00+00:00","capacity":60,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-568f-751c-91b5-36f0927ed0e2","name":"Standard","price":10000,"tickets":40,"floor":null,"ceiling":null},{"id":"01a229db-568f-7e55-a467-d9dc4432fb0e","name":"Balcony","price":5000,"tickets":20,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":10000},{"name":"Balcony","price":5000}]}','done');
INSERT INTO DashboardActs VALUES('01A229DB-5798-754E-BB91-DE3C6E22022C','01A229DB-5798-754E-BB91-DE3C6E22022C',639315953703927119,'01A229DB-3E88-77D6-833C-E6CCF148F609','Administrator','adjust-prices','01A229DB-568F-7080-8826-C32018C90000','{"eventId":"01a229db-568f-7080-8826-c32018c90000","percentage":10,"by":{"id":"01a229db-3e88-77d6-833c-e6ccf148f609","name":"Administrator"},"note":null,"version":null}','{"status":"published","form":{"name":"Bossa Nova Night","venue":"Grand Hall","description":"An evening.","startsAt":"2036-06-01T20:00:00+00:00","publishedAt":"2026-11-30T00:29:30.2464692+00:00","endsSellingAt":"2036-06-01T18:00:00+00:00","capacity":60,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-568f-751c-91b5-36f0927ed0e2","name":"Standard","price":10000,"tickets":40,"floor":null,"ceiling":null},{"id":"01a229db-568f-7e55-a467-d9dc4432fb0e","name":"Balcony","price":5000,"tickets":20,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":10000},{"name":"Balcony","price":5000}]}',NULL,'begun');
INSERT INTO DashboardActs VALUES('01A229DB-57EA-763B-8AD3-F8DF2F0F107D','01A229DB-5798-754E-BB91-DE3C6E22022C',639315953704744045,'01A229DB-3E88-77D6-833C-E6CCF148F609','Administrator','adjust-prices','01A229DB-568F-7080-8826-C32018C90000','{"eventId":"01a229db-568f-7080-8826-c32018c90000","percentage":10,"by":{"id":"01a229db-3e88-77d6-833c-e6ccf148f609","name":"Administrator"},"note":null,"version":null}','{"status":"published","form":{"name":"Bossa Nova Night","venue":"Grand Hall","description":"An evening.","startsAt":"2036-06-01T20:00:00+00:00","publishedAt":"2026-11-30T00:29:30.2464692+00:00","endsSellingAt":"2036-06-01T18:00:00+00:00","capacity":60,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-568f-751c-91b5-36f0927ed0e2","name":"Standard","price":10000,"tickets":40,"floor":null,"ceiling":null},{"id":"01a229db-568f-7e55-a467-d9dc4432fb0e","name":"Balcony","price":5000,"tickets":20,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":10000},{"name":"Balcony","price":5000}]}','{"status":"published","form":{"name":"Bossa Nova Night","venue":"Grand Hall","description":"An evening.","startsAt":"2036-06-01T20:00:00+00:00","publishedAt":"2026-11-30T00:29:30.2464692+00:00","endsSellingAt":"2036-06-01T18:00:00+00:00","capacity":60,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-568f-751c-91b5-36f0927ed0e2","name":"Standard","price":10000,"tickets":40,"floor":null,"ceiling":null},{"id":"01a229db-568f-7e55-a467-d9dc4432fb0e","name":"Balcony","price":5000,"tickets":20,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":11000},{"name":"Balcony","price":5500}]}','done');
INSERT INTO DashboardActs VALUES('01A229DB-5808-744D-A30F-1E66561C9550','01A229DB-5808-744D-A30F-1E66561C9550',639315953705042761,'01A229DB-3E88-77D6-833C-E6CCF148F609','Administrator','create-event',NULL,'{"form":{"name":"Canceled Show","venue":"Grand Hall","description":"None.","startsAt":"2036-07-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-07-01T18:00:00+00:00","capacity":10,"currency":null,"large":false,"tiers":[{"id":null,"name":"Standard","price":7000,"tickets":10,"floor":null,"ceiling":null}]},"by":{"id":"01a229db-3e88-77d6-833c-e6ccf148f609","name":"Administrator"}}',NULL,NULL,'begun');
INSERT INTO DashboardActs VALUES('01A229DB-5817-7047-9148-2D018CF6E94B','01A229DB-5808-744D-A30F-1E66561C9550',639315953705192675,'01A229DB-3E88-77D6-833C-E6CCF148F609','Administrator','create-event',NULL,'{"form":{"name":"Canceled Show","venue":"Grand Hall","description":"None.","startsAt":"2036-07-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-07-01T18:00:00+00:00","capacity":10,"currency":null,"large":false,"tiers":[{"id":null,"name":"Standard","price":7000,"tickets":10,"floor":null,"ceiling":null}]},"by":{"id":"01a229db-3e88-77d6-833c-e6ccf148f609","name":"Administrator"}}',NULL,'{"id":"01a229db-5816-7c27-bcfc-9d4e891d0000","name":"Canceled Show","venue":"Grand Hall","startsAt":"2036-07-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-07-01T18:00:00+00:00","status":"draft","currency":"BRL","capacity":10,"available":10,"priceFrom":7000,"description":"None.","large":false,"tiers":[{"id":"01a229db-5816-73a5-8361-aeda372cf019","name":"Standard","price":7000,"capacity":10,"available":10,"priceValidUntil":null}]}','done');
INSERT INTO DashboardActs VALUES('01A229DB-581B-7024-80C7-BDF12771F1B8','01A229DB-581B-7024-80C7-BDF12771F1B8',639315953705233538,'01A229DB-3E88-77D6-833C-E6CCF148F609','Administrator','publish-event','01A229DB-5816-7C27-BCFC-9D4E891D0000','{"eventId":"01a229db-5816-7c27-bcfc-9d4e891d0000","by":{"id":"01a229db-3e88-77d6-833c-e6ccf148f609","name":"Administrator"},"revision":null}','{"status":"draft","form":{"name":"Canceled Show","venue":"Grand Hall","description":"None.","startsAt":"2036-07-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-07-01T18:00:00+00:00","capacity":10,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-5816-73a5-8361-aeda372cf019","name":"Standard","price":7000,"tickets":10,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":7000}]}',NULL,'begun');
INSERT INTO DashboardActs VALUES('01A229DB-581D-72EC-8DB9-FEFC528EB091','01A229DB-581B-7024-80C7-BDF12771F1B8',639315953705258632,'01A229DB-3E88-77D6-833C-E6CCF148F609','Administrator','publish-event','01A229DB-5816-7C27-BCFC-9D4E891D0000','{"eventId":"01a229db-5816-7c27-bcfc-9d4e891d0000","by":{"id":"01a229db-3e88-77d6-833c-e6ccf148f609","name":"Administrator"},"revision":null}','{"status":"draft","form":{"name":"Canceled Show","venue":"Grand Hall","description":"None.","startsAt":"2036-07-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-07-01T18:00:00+00:00","capacity":10,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-5816-73a5-8361-aeda372cf019","name":"Standard","price":7000,"tickets":10,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":7000}]}','{"status":"published","form":{"name":"Canceled Show","venue":"Grand Hall","description":"None.","startsAt":"2036-07-01T20:00:00+00:00","publishedAt":"2026-11-30T00:29:30.5249305+00:00","endsSellingAt":"2036-07-01T18:00:00+00:00","capacity":10,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-5816-73a5-8361-aeda372cf019","name":"Standard","price":7000,"tickets":10,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":7000}]}','done');
INSERT INTO DashboardActs VALUES('01A229DB-5E61-73EE-9C48-EB23BC986AE0','01A229DB-5E61-73EE-9C48-EB23BC986AE0',639315953721296576,'01A229DB-3E88-77D6-833C-E6CCF148F609','Administrator','cancel-event','01A229DB-5816-7C27-BCFC-9D4E891D0000','{"eventId":"01a229db-5816-7c27-bcfc-9d4e891d0000","by":{"id":"01a229db-3e88-77d6-833c-e6ccf148f609","name":"Administrator"},"revision":null}','{"status":"published","form":{"name":"Canceled Show","venue":"Grand Hall","description":"None.","startsAt":"2036-07-01T20:00:00+00:00","publishedAt":"2026-11-30T00:29:30.5249305+00:00","endsSellingAt":"2036-07-01T18:00:00+00:00","capacity":10,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-5816-73a5-8361-aeda372cf019","name":"Standard","price":7000,"tickets":10,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":7000}]}',NULL,'begun');
INSERT INTO DashboardActs VALUES('01A229DB-5E76-7092-BC4E-80370DCE4492','01A229DB-5E61-73EE-9C48-EB23BC986AE0',639315953721506400,'01A229DB-3E88-77D6-833C-E6CCF148F609','Administrator','cancel-event','01A229DB-5816-7C27-BCFC-9D4E891D0000','{"eventId":"01a229db-5816-7c27-bcfc-9d4e891d0000","by":{"id":"01a229db-3e88-77d6-833c-e6ccf148f609","name":"Administrator"},"revision":null}','{"status":"published","form":{"name":"Canceled Show","venue":"Grand Hall","description":"None.","startsAt":"2036-07-01T20:00:00+00:00","publishedAt":"2026-11-30T00:29:30.5249305+00:00","endsSellingAt":"2036-07-01T18:00:00+00:00","capacity":10,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-5816-73a5-8361-aeda372cf019","name":"Standard","price":7000,"tickets":10,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":7000}]}','{"status":"canceled","form":{"name":"Canceled Show","venue":"Grand Hall","description":"None.","startsAt":"2036-07-01T20:00:00+00:00","publishedAt":"2026-11-30T00:29:30.5249305+00:00","endsSellingAt":"2036-07-01T18:00:00+00:00","capacity":10,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-5816-73a5-8361-aeda372cf019","name":"Standard","price":7000,"tickets":10,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":7000}]}','done');
CREATE TABLE IF NOT EXISTS "DashboardEvents" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_DashboardEvents" PRIMARY KEY,
    "Version" INTEGER NOT NULL,
    "IsCanceled" INTEGER NOT NULL,
    "Name" TEXT NOT NULL,
    "Venue" TEXT NOT NULL,
    "StartsAt" INTEGER NOT NULL,
    "SaleOpensAt" INTEGER NOT NULL,
    "SaleClosesAt" INTEGER NOT NULL,
    "Currency" TEXT NOT NULL,
    "Capacity" INTEGER NOT NULL,
    "Tiers" TEXT NOT NULL,
    "Released" INTEGER NOT NULL
);
INSERT INTO DashboardEvents VALUES('01A229DB-568F-7080-8826-C32018C90000',3,0,'Bossa Nova Night','Grand Hall',642315600000000000,639315953702464692,642315528000000000,'BRL',60,'[{"Id":"01a229db-568f-751c-91b5-36f0927ed0e2","Name":"Standard","Price":11000,"Released":40,"OffSale":0},{"Id":"01a229db-568f-7e55-a467-d9dc4432fb0e","Name":"Balcony","Price":5500,"Released":20,"OffSale":0}]',60);
INSERT INTO DashboardEvents VALUES('01A229DB-5816-7C27-BCFC-9D4E891D0000',3,1,'Canceled Show','Grand Hall',642341520000000000,639315953705249305,642341448000000000,'BRL',10,'[{"Id":"01a229db-5816-73a5-8361-aeda372cf019","Name":"Standard","Price":7000,"Released":10,"OffSale":0}]',10);
CREATE TABLE IF NOT EXISTS "DashboardOrders" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_DashboardOrders" PRIMARY KEY,
    "EventId" TEXT NOT NULL,
    "BuyerId" TEXT NOT NULL,
    "Revision" INTEGER NOT NULL,
    "Status" INTEGER NOT NULL,
    "Tickets" TEXT NOT NULL,
    "Total" INTEGER NOT NULL,
    "PlacedAt" INTEGER NOT NULL,
    "IsPlacedAtKnown" INTEGER NOT NULL,
    "PaidAt" INTEGER NULL,
    "EndedAt" INTEGER NULL,
    "PaymentId" TEXT NULL,
    "Generation" INTEGER NOT NULL
);
INSERT INTO DashboardOrders VALUES('01A229DB-58BB-8CBE-A864-1DB0C2E70001','01A229DB-568F-7080-8826-C32018C90000','01A229DB-5831-7134-9E91-37F66C2C10E2',2,1,'[{"Number":41,"TierId":"01a229db-568f-7e55-a467-d9dc4432fb0e","Price":5500},{"Number":42,"TierId":"01a229db-568f-7e55-a467-d9dc4432fb0e","Price":5500}]',11000,639315953708060706,1,639315953710911453,NULL,'01A229DB-59C9-7F22-A90F-960E173E3E9A',0);
INSERT INTO DashboardOrders VALUES('01A229DB-5B0C-847D-B205-A35CC51E0001','01A229DB-568F-7080-8826-C32018C90000','01A229DB-5831-7134-9E91-37F66C2C10E2',2,1,'[{"Number":43,"TierId":"01a229db-568f-7e55-a467-d9dc4432fb0e","Price":5500},{"Number":44,"TierId":"01a229db-568f-7e55-a467-d9dc4432fb0e","Price":5500}]',11000,639315953712788426,1,639315953712963111,NULL,'01A229DB-5B14-7528-BD61-D07CEE8D718D',0);
INSERT INTO DashboardOrders VALUES('01A229DB-5C23-8368-8DF9-7B01FC810001','01A229DB-568F-7080-8826-C32018C90000','01A229DB-5831-7134-9E91-37F66C2C10E2',2,1,'[{"Number":45,"TierId":"01a229db-568f-7e55-a467-d9dc4432fb0e","Price":5500},{"Number":46,"TierId":"01a229db-568f-7e55-a467-d9dc4432fb0e","Price":5500}]',11000,639315953715559783,1,639315953715642027,NULL,'01A229DB-5C26-7D89-B1EB-6D9A935EC1ED',0);
INSERT INTO DashboardOrders VALUES('01A229DB-5D32-87C5-840A-C774279C0001','01A229DB-568F-7080-8826-C32018C90000','01A229DB-5831-7134-9E91-37F66C2C10E2',2,3,'[{"Number":47,"TierId":"01a229db-568f-7e55-a467-d9dc4432fb0e","Price":5500}]',5500,639315953718268422,1,NULL,639315953718359286,NULL,0);
INSERT INTO DashboardOrders VALUES('01A229DB-5D45-8F74-BA5E-CA77C7B40001','01A229DB-5816-7C27-BCFC-9D4E891D0000','01A229DB-5831-7134-9E91-37F66C2C10E2',3,4,'[{"Number":1,"TierId":"01a229db-5816-73a5-8361-aeda372cf019","Price":7000},{"Number":2,"TierId":"01a229db-5816-73a5-8361-aeda372cf019","Price":7000}]',14000,639315953718459617,1,639315953718582552,639315953721583344,'01A229DB-5D47-7C13-A521-088FE2A86359',0);
INSERT INTO DashboardOrders VALUES('01A229DB-5E95-829E-AD19-2F8C43B50001','01A229DB-568F-7080-8826-C32018C90000','01A229DB-5831-7134-9E91-37F66C2C10E2',1,0,'[{"Number":47,"TierId":"01a229db-568f-7e55-a467-d9dc4432fb0e","Price":5500}]',5500,639315953721818934,1,NULL,NULL,NULL,0);
CREATE TABLE IF NOT EXISTS "DashboardPayments" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_DashboardPayments" PRIMARY KEY,
    "OrderId" TEXT NOT NULL,
    "Status" INTEGER NOT NULL,
    "Method" INTEGER NULL,
    "Amount" INTEGER NOT NULL,
    "Currency" TEXT NOT NULL,
    "StartedAt" INTEGER NULL,
    "ChangedAt" INTEGER NULL,
    "DeclineReason" TEXT NULL,
    "RefundReason" TEXT NULL,
    "AwaitingSince" INTEGER NULL,
    "OwedSince" INTEGER NULL,
    "Generation" INTEGER NOT NULL
, "CapturedAt" INTEGER NULL, "DeclinedAt" INTEGER NULL);
INSERT INTO DashboardPayments VALUES('01A229DB-59C9-7F22-A90F-960E173E3E9A','01A229DB-58BB-8CBE-A864-1DB0C2E70001',1,0,11000,'BRL',639315953709629101,639315953710639327,NULL,NULL,NULL,NULL,0,639315953710639327,NULL);
INSERT INTO DashboardPayments VALUES('01A229DB-5B14-7528-BD61-D07CEE8D718D','01A229DB-5B0C-847D-B205-A35CC51E0001',1,0,11000,'BRL',639315953712910814,639315953712953818,NULL,NULL,NULL,NULL,0,639315953712953818,NULL);
INSERT INTO DashboardPayments VALUES('01A229DB-5C26-7D89-B1EB-6D9A935EC1ED','01A229DB-5C23-8368-8DF9-7B01FC810001',1,0,11000,'BRL',639315953715592708,639315953715630683,NULL,NULL,NULL,NULL,0,639315953715630683,NULL);
INSERT INTO DashboardPayments VALUES('01A229DB-5D47-7C13-A521-088FE2A86359','01A229DB-5D45-8F74-BA5E-CA77C7B40001',3,0,14000,'BRL',639315953718538422,639315953721900239,NULL,'event-canceled',NULL,NULL,0,639315953718561882,NULL);
CREATE TABLE IF NOT EXISTS "DashboardRuns" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_DashboardRuns" PRIMARY KEY,
    "Kind" INTEGER NOT NULL,
    "StartedAt" INTEGER NOT NULL,
    "EndedAt" INTEGER NULL,
    "SeenAt" INTEGER NOT NULL,
    "Done" INTEGER NOT NULL,
    "Differences" INTEGER NOT NULL,
    "Report" TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS "DashboardSales" (
    "EventId" TEXT NOT NULL,
    "TierId" TEXT NOT NULL,
    "Span" INTEGER NOT NULL,
    "At" INTEGER NOT NULL,
    "Lapsed" INTEGER NOT NULL,
    "OrdersLapsed" INTEGER NOT NULL,
    "OrdersPaid" INTEGER NOT NULL,
    "OrdersPlaced" INTEGER NOT NULL,
    "OrdersRefunded" INTEGER NOT NULL,
    "Refunded" INTEGER NOT NULL,
    "Returned" INTEGER NOT NULL,
    "Revenue" INTEGER NOT NULL,
    "Sold" INTEGER NOT NULL,
    "Taken" INTEGER NOT NULL,
    CONSTRAINT "PK_DashboardSales" PRIMARY KEY ("EventId", "TierId", "Span", "At")
);
INSERT INTO DashboardSales VALUES('01A229DB-568F-7080-8826-C32018C90000','00000000-0000-0000-0000-000000000000',0,0,1,1,3,5,0,0,0,33000,6,8);
INSERT INTO DashboardSales VALUES('01A229DB-568F-7080-8826-C32018C90000','00000000-0000-0000-0000-000000000000',1,739949,1,1,3,5,0,0,0,33000,6,8);
INSERT INTO DashboardSales VALUES('01A229DB-568F-7080-8826-C32018C90000','00000000-0000-0000-0000-000000000000',2,639315953400000000,1,1,3,5,0,0,0,33000,6,8);
INSERT INTO DashboardSales VALUES('01A229DB-568F-7080-8826-C32018C90000','01A229DB-568F-7E55-A467-D9DC4432FB0E',0,0,1,1,3,5,0,0,0,33000,6,8);
INSERT INTO DashboardSales VALUES('01A229DB-568F-7080-8826-C32018C90000','01A229DB-568F-7E55-A467-D9DC4432FB0E',1,739949,1,1,3,5,0,0,0,33000,6,8);
INSERT INTO DashboardSales VALUES('01A229DB-568F-7080-8826-C32018C90000','01A229DB-568F-7E55-A467-D9DC4432FB0E',2,639315953400000000,1,1,3,5,0,0,0,33000,6,8);
INSERT INTO DashboardSales VALUES('01A229DB-5816-7C27-BCFC-9D4E891D0000','00000000-0000-0000-0000-000000000000',0,0,0,0,1,1,1,2,14000,14000,2,2);
INSERT INTO DashboardSales VALUES('01A229DB-5816-7C27-BCFC-9D4E891D0000','00000000-0000-0000-0000-000000000000',1,739949,0,0,1,1,1,2,14000,14000,2,2);
INSERT INTO DashboardSales VALUES('01A229DB-5816-7C27-BCFC-9D4E891D0000','00000000-0000-0000-0000-000000000000',2,639315953400000000,0,0,1,1,1,2,14000,14000,2,2);
INSERT INTO DashboardSales VALUES('01A229DB-5816-7C27-BCFC-9D4E891D0000','01A229DB-5816-73A5-8361-AEDA372CF019',0,0,0,0,1,1,1,2,14000,14000,2,2);
INSERT INTO DashboardSales VALUES('01A229DB-5816-7C27-BCFC-9D4E891D0000','01A229DB-5816-73A5-8361-AEDA372CF019',1,739949,0,0,1,1,1,2,14000,14000,2,2);
INSERT INTO DashboardSales VALUES('01A229DB-5816-7C27-BCFC-9D4E891D0000','01A229DB-5816-73A5-8361-AEDA372CF019',2,639315953400000000,0,0,1,1,1,2,14000,14000,2,2);
CREATE TABLE IF NOT EXISTS "DashboardState" (
    "Name" TEXT NOT NULL CONSTRAINT "PK_DashboardState" PRIMARY KEY,
    "Value" INTEGER NOT NULL
);
INSERT INTO DashboardState VALUES('generation',0);
INSERT INTO DashboardState VALUES('version',17);
CREATE TABLE ticketbooth_file(installation TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL);
INSERT INTO ticketbooth_file VALUES('f2be076976893e02368786a7e9072e8e','dashboard',3);
CREATE INDEX "IX_DashboardActs_ActId" ON "DashboardActs" ("ActId");
CREATE INDEX "IX_DashboardActs_At_Id" ON "DashboardActs" ("At", "Id");
CREATE INDEX "IX_DashboardActs_SubjectId_At_Id" ON "DashboardActs" ("SubjectId", "At", "Id");
CREATE INDEX "IX_DashboardEvents_StartsAt" ON "DashboardEvents" ("StartsAt");
CREATE INDEX "IX_DashboardOrders_BuyerId_PlacedAt_Id" ON "DashboardOrders" ("BuyerId", "PlacedAt", "Id");
CREATE INDEX "IX_DashboardOrders_EventId_PlacedAt_Id" ON "DashboardOrders" ("EventId", "PlacedAt", "Id");
CREATE INDEX "IX_DashboardOrders_PlacedAt_Id" ON "DashboardOrders" ("PlacedAt", "Id");
CREATE INDEX "IX_DashboardOrders_Status_PlacedAt_Id" ON "DashboardOrders" ("Status", "PlacedAt", "Id");
CREATE INDEX "IX_DashboardPayments_AwaitingSince" ON "DashboardPayments" ("AwaitingSince");
CREATE INDEX "IX_DashboardPayments_OrderId" ON "DashboardPayments" ("OrderId");
CREATE INDEX "IX_DashboardPayments_OwedSince" ON "DashboardPayments" ("OwedSince");
CREATE INDEX "IX_DashboardRuns_Kind_StartedAt" ON "DashboardRuns" ("Kind", "StartedAt");
CREATE INDEX "IX_DashboardSales_Span_At" ON "DashboardSales" ("Span", "At");
CREATE TRIGGER DashboardActs_no_update BEFORE UPDATE ON DashboardActs BEGIN SELECT RAISE(ABORT, 'The log of acts is append-only'); END;
CREATE TRIGGER DashboardActs_no_delete BEFORE DELETE ON DashboardActs BEGIN SELECT RAISE(ABORT, 'The log of acts is append-only'); END;
COMMIT;
PRAGMA user_version = 0;
