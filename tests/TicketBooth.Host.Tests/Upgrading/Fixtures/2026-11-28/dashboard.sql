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
INSERT INTO DashboardActs VALUES('01A229DB-AB9B-77ED-B52A-7BA147BF0F4D','01A229DB-AB9B-77ED-B52A-7BA147BF0F4D',639315953918998604,'01A229DB-9A61-701D-A40E-D7D5749EA7FA','Administrator','create-event',NULL,'{"form":{"name":"Bossa Nova Night","venue":"Grand Hall","description":"An evening.","startsAt":"2036-06-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-06-01T18:00:00+00:00","capacity":60,"currency":null,"large":false,"tiers":[{"id":null,"name":"Standard","price":10000,"tickets":40,"floor":null,"ceiling":null},{"id":null,"name":"Balcony","price":5000,"tickets":20,"floor":null,"ceiling":null}]},"by":{"id":"01a229db-9a61-701d-a40e-d7d5749ea7fa","name":"Administrator"}}',NULL,NULL,'begun');
INSERT INTO DashboardActs VALUES('01A229DB-AD5F-7A04-81A3-B9F81BC11E2F','01A229DB-AB9B-77ED-B52A-7BA147BF0F4D',639315953923514789,'01A229DB-9A61-701D-A40E-D7D5749EA7FA','Administrator','create-event',NULL,'{"form":{"name":"Bossa Nova Night","venue":"Grand Hall","description":"An evening.","startsAt":"2036-06-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-06-01T18:00:00+00:00","capacity":60,"currency":null,"large":false,"tiers":[{"id":null,"name":"Standard","price":10000,"tickets":40,"floor":null,"ceiling":null},{"id":null,"name":"Balcony","price":5000,"tickets":20,"floor":null,"ceiling":null}]},"by":{"id":"01a229db-9a61-701d-a40e-d7d5749ea7fa","name":"Administrator"}}',NULL,'{"id":"01a229db-ad38-745d-8efe-bdc455aa0000","name":"Bossa Nova Night","venue":"Grand Hall","startsAt":"2036-06-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-06-01T18:00:00+00:00","status":"draft","currency":"BRL","capacity":60,"available":60,"priceFrom":5000,"description":"An evening.","large":false,"tiers":[{"id":"01a229db-ad38-7651-9a7d-b31fc16ece13","name":"Standard","price":10000,"capacity":40,"available":40,"priceValidUntil":null},{"id":"01a229db-ad38-7ac5-b6cd-c9ba3132c2ae","name":"Balcony","price":5000,"capacity":20,"available":20,"priceValidUntil":null}]}','done');
INSERT INTO DashboardActs VALUES('01A229DB-AD74-7349-B804-1F3242CE71C2','01A229DB-AD74-7349-B804-1F3242CE71C2',639315953923723406,'01A229DB-9A61-701D-A40E-D7D5749EA7FA','Administrator','publish-event','01A229DB-AD38-745D-8EFE-BDC455AA0000','{"eventId":"01a229db-ad38-745d-8efe-bdc455aa0000","by":{"id":"01a229db-9a61-701d-a40e-d7d5749ea7fa","name":"Administrator"}}','{"status":"draft","form":{"name":"Bossa Nova Night","venue":"Grand Hall","description":"An evening.","startsAt":"2036-06-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-06-01T18:00:00+00:00","capacity":60,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-ad38-7651-9a7d-b31fc16ece13","name":"Standard","price":10000,"tickets":40,"floor":null,"ceiling":null},{"id":"01a229db-ad38-7ac5-b6cd-c9ba3132c2ae","name":"Balcony","price":5000,"tickets":20,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":10000},{"name":"Balcony","price":5000}]}',NULL,'begun');
INSERT INTO DashboardActs VALUES('01A229DB-ADE0-779E-BA30-3F611981EFA5','01A229DB-AD74-7349-B804-1F3242CE71C2',639315953924805508,'01A229DB-9A61-701D-A40E-D7D5749EA7FA','Administrator','publish-event','01A229DB-AD38-745D-8EFE-BDC455AA0000','{"eventId":"01a229db-ad38-745d-8efe-bdc455aa0000","by":{"id":"01a229db-9a61-701d-a40e-d7d5749ea7fa","name":"Administrator"}}','{"status":"draft","form":{"name":"Bossa Nova Night","venue":"Grand Hall","description":"An evening.","startsAt":"2036-06-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-06-01T18:00:00+00:00","capacity":60,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-ad38-7651-9a7d-b31fc16ece13","name":"Standard","price":10000,"tickets":40,"floor":null,"ceiling":null},{"id":"01a229db-ad38-7ac5-b6cd-c9ba3132c2ae","name":"Balcony","price":5000,"tickets":20,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":10000},{"name":"Balcony","price":5000}]}','{"status":"published","form":{"name":"Bossa Nova Night","venue":"Grand Hall","description":"An evening.","startsAt":"2036-06-01T20:00:00+00:00","publishedAt":"2026-11-30T00:29:52.4069412+00:00","endsSellingAt":"2036-06-01T18:00:00+00:00","capacity":60,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-ad38-7651-9a7d-b31fc16ece13","name":"Standard","price":10000,"tickets":40,"floor":null,"ceiling":null},{"id":"01a229db-ad38-7ac5-b6cd-c9ba3132c2ae","name":"Balcony","price":5000,"tickets":20,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":10000},{"name":"Balcony","price":5000}]}','done');
INSERT INTO DashboardActs VALUES('01A229DB-AE43-71B1-8799-6ED21BF108C7','01A229DB-AE43-71B1-8799-6ED21BF108C7',639315953925799696,'01A229DB-9A61-701D-A40E-D7D5749EA7FA','Administrator','adjust-prices','01A229DB-AD38-745D-8EFE-BDC455AA0000','{"eventId":"01a229db-ad38-745d-8efe-bdc455aa0000","percentage":10,"by":{"id":"01a229db-9a61-701d-a40e-d7d5749ea7fa","name":"Administrator"},"note":null}','{"status":"published","form":{"name":"Bossa Nova Night","venue":"Grand Hall","description":"An evening.","startsAt":"2036-06-01T20:00:00+00:00","publishedAt":"2026-11-30T00:29:52.4069412+00:00","endsSellingAt":"2036-06-01T18:00:00+00:00","capacity":60,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-ad38-7651-9a7d-b31fc16ece13","name":"Standard","price":10000,"tickets":40,"floor":null,"ceiling":null},{"id":"01a229db-ad38-7ac5-b6cd-c9ba3132c2ae","name":"Balcony","price":5000,"tickets":20,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":10000},{"name":"Balcony","price":5000}]}',NULL,'begun');
INSERT INTO DashboardActs VALUES('01A229DB-AEB9-7427-BA47-AF68FD288E7B','01A229DB-AE43-71B1-8799-6ED21BF108C7',639315953926974455,'01A229DB-9A61-701D-A40E-D7D5749EA7FA','Administrator','adjust-prices','01A229DB-AD38-745D-8EFE-BDC455AA0000','{"eventId":"01a229db-ad38-745d-8efe-bdc455aa0000","percentage":10,"by":{"id":"01a229db-9a61-701d-a40e-d7d5749ea7fa","name":"Administrator"},"note":null}','{"status":"published","form":{"name":"Bossa Nova Night","venue":"Grand Hall","description":"An evening.","startsAt":"2036-06-01T20:00:00+00:00","publishedAt":"2026-11-30T00:29:52.4069412+00:00","endsSellingAt":"2036-06-01T18:00:00+00:00","capacity":60,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-ad38-7651-9a7d-b31fc16ece13","name":"Standard","price":10000,"tickets":40,"floor":null,"ceiling":null},{"id":"01a229db-ad38-7ac5-b6cd-c9ba3132c2ae","name":"Balcony","price":5000,"tickets":20,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":10000},{"name":"Balcony","price":5000}]}','{"status":"published","form":{"name":"Bossa Nova Night","venue":"Grand Hall","description":"An evening.","startsAt":"2036-06-01T20:00:00+00:00","publishedAt":"2026-11-30T00:29:52.4069412+00:00","endsSellingAt":"2036-06-01T18:00:00+00:00","capacity":60,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-ad38-7651-9a7d-b31fc16ece13","name":"Standard","price":10000,"tickets":40,"floor":null,"ceiling":null},{"id":"01a229db-ad38-7ac5-b6cd-c9ba3132c2ae","name":"Balcony","price":5000,"tickets":20,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":11000},{"name":"Balcony","price":5500}]}','done');
INSERT INTO DashboardActs VALUES('01A229DB-AF27-7346-A30B-738C7435066F','01A229DB-AF27-7346-A30B-738C7435066F',639315953928076166,'01A229DB-9A61-701D-A40E-D7D5749EA7FA','Administrator','create-event',NULL,'{"form":{"name":"Canceled Show","venue":"Grand Hall","description":"None.","startsAt":"2036-07-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-07-01T18:00:00+00:00","capacity":10,"currency":null,"large":false,"tiers":[{"id":null,"name":"Standard","price":7000,"tickets":10,"floor":null,"ceiling":null}]},"by":{"id":"01a229db-9a61-701d-a40e-d7d5749ea7fa","name":"Administrator"}}',NULL,NULL,'begun');
INSERT INTO DashboardActs VALUES('01A229DB-AF4A-728D-8824-A85F0E1660D7','01A229DB-AF27-7346-A30B-738C7435066F',639315953928423766,'01A229DB-9A61-701D-A40E-D7D5749EA7FA','Administrator','create-event',NULL,'{"form":{"name":"Canceled Show","venue":"Grand Hall","description":"None.","startsAt":"2036-07-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-07-01T18:00:00+00:00","capacity":10,"currency":null,"large":false,"tiers":[{"id":null,"name":"Standard","price":7000,"tickets":10,"floor":null,"ceiling":null}]},"by":{"id":"01a229db-9a61-701d-a40e-d7d5749ea7fa","name":"Administrator"}}',NULL,'{"id":"01a229db-af46-74ad-baa4-da9729210000","name":"Canceled Show","venue":"Grand Hall","startsAt":"2036-07-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-07-01T18:00:00+00:00","status":"draft","currency":"BRL","capacity":10,"available":10,"priceFrom":7000,"description":"None.","large":false,"tiers":[{"id":"01a229db-af46-7b42-8f21-b99c5a7cd005","name":"Standard","price":7000,"capacity":10,"available":10,"priceValidUntil":null}]}','done');
INSERT INTO DashboardActs VALUES('01A229DB-AF52-7E0C-9DD3-422EB63B7E51','01A229DB-AF52-7E0C-9DD3-422EB63B7E51',639315953928507398,'01A229DB-9A61-701D-A40E-D7D5749EA7FA','Administrator','publish-event','01A229DB-AF46-74AD-BAA4-DA9729210000','{"eventId":"01a229db-af46-74ad-baa4-da9729210000","by":{"id":"01a229db-9a61-701d-a40e-d7d5749ea7fa","name":"Administrator"}}','{"status":"draft","form":{"name":"Canceled Show","venue":"Grand Hall","description":"None.","startsAt":"2036-07-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-07-01T18:00:00+00:00","capacity":10,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-af46-7b42-8f21-b99c5a7cd005","name":"Standard","price":7000,"tickets":10,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":7000}]}',NULL,'begun');
INSERT INTO DashboardActs VALUES('01A229DB-AF62-7F62-85DD-486DB4BCDFCC','01A229DB-AF52-7E0C-9DD3-422EB63B7E51',639315953928667371,'01A229DB-9A61-701D-A40E-D7D5749EA7FA','Administrator','publish-event','01A229DB-AF46-74AD-BAA4-DA9729210000','{"eventId":"01a229db-af46-74ad-baa4-da9729210000","by":{"id":"01a229db-9a61-701d-a40e-d7d5749ea7fa","name":"Administrator"}}','{"status":"draft","form":{"name":"Canceled Show","venue":"Grand Hall","description":"None.","startsAt":"2036-07-01T20:00:00+00:00","publishedAt":null,"endsSellingAt":"2036-07-01T18:00:00+00:00","capacity":10,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-af46-7b42-8f21-b99c5a7cd005","name":"Standard","price":7000,"tickets":10,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":7000}]}','{"status":"published","form":{"name":"Canceled Show","venue":"Grand Hall","description":"None.","startsAt":"2036-07-01T20:00:00+00:00","publishedAt":"2026-11-30T00:29:52.8545391+00:00","endsSellingAt":"2036-07-01T18:00:00+00:00","capacity":10,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-af46-7b42-8f21-b99c5a7cd005","name":"Standard","price":7000,"tickets":10,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":7000}]}','done');
INSERT INTO DashboardActs VALUES('01A229DB-B623-7F08-9EFB-F75C9C3E6956','01A229DB-B623-7F08-9EFB-F75C9C3E6956',639315953945956601,'01A229DB-9A61-701D-A40E-D7D5749EA7FA','Administrator','cancel-event','01A229DB-AF46-74AD-BAA4-DA9729210000','{"eventId":"01a229db-af46-74ad-baa4-da9729210000","by":{"id":"01a229db-9a61-701d-a40e-d7d5749ea7fa","name":"Administrator"}}','{"status":"published","form":{"name":"Canceled Show","venue":"Grand Hall","description":"None.","startsAt":"2036-07-01T20:00:00+00:00","publishedAt":"2026-11-30T00:29:52.8545391+00:00","endsSellingAt":"2036-07-01T18:00:00+00:00","capacity":10,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-af46-7b42-8f21-b99c5a7cd005","name":"Standard","price":7000,"tickets":10,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":7000}]}',NULL,'begun');
INSERT INTO DashboardActs VALUES('01A229DB-B62A-7B87-9F27-778CBF459D75','01A229DB-B623-7F08-9EFB-F75C9C3E6956',639315953946028518,'01A229DB-9A61-701D-A40E-D7D5749EA7FA','Administrator','cancel-event','01A229DB-AF46-74AD-BAA4-DA9729210000','{"eventId":"01a229db-af46-74ad-baa4-da9729210000","by":{"id":"01a229db-9a61-701d-a40e-d7d5749ea7fa","name":"Administrator"}}','{"status":"published","form":{"name":"Canceled Show","venue":"Grand Hall","description":"None.","startsAt":"2036-07-01T20:00:00+00:00","publishedAt":"2026-11-30T00:29:52.8545391+00:00","endsSellingAt":"2036-07-01T18:00:00+00:00","capacity":10,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-af46-7b42-8f21-b99c5a7cd005","name":"Standard","price":7000,"tickets":10,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":7000}]}','{"status":"canceled","form":{"name":"Canceled Show","venue":"Grand Hall","description":"None.","startsAt":"2036-07-01T20:00:00+00:00","publishedAt":"2026-11-30T00:29:52.8545391+00:00","endsSellingAt":"2036-07-01T18:00:00+00:00","capacity":10,"currency":"BRL","large":false,"tiers":[{"id":"01a229db-af46-7b42-8f21-b99c5a7cd005","name":"Standard","price":7000,"tickets":10,"floor":null,"ceiling":null}]},"policy":{"mode":"off","paused":false,"allowFalling":false,"maxIncreasePercent":50,"maxDecreasePercent":30,"sharePercent":30,"pacePercent":10,"windowMinutes":1440,"maxStepPercent":5,"stepSeconds":900,"bandPercent":3,"roundingUnit":50},"prices":[{"name":"Standard","price":7000}]}','done');
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
INSERT INTO DashboardEvents VALUES('01A229DB-AD38-745D-8EFE-BDC455AA0000',3,0,'Bossa Nova Night','Grand Hall',642315600000000000,639315953924069412,642315528000000000,'BRL',60,'[{"Id":"01a229db-ad38-7651-9a7d-b31fc16ece13","Name":"Standard","Price":11000,"Released":40},{"Id":"01a229db-ad38-7ac5-b6cd-c9ba3132c2ae","Name":"Balcony","Price":5500,"Released":20}]',60);
INSERT INTO DashboardEvents VALUES('01A229DB-AF46-74AD-BAA4-DA9729210000',3,1,'Canceled Show','Grand Hall',642341520000000000,639315953928545391,642341448000000000,'BRL',10,'[{"Id":"01a229db-af46-7b42-8f21-b99c5a7cd005","Name":"Standard","Price":7000,"Released":10}]',10);
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
INSERT INTO DashboardOrders VALUES('01A229DB-B092-890B-BF83-E2E246C40001','01A229DB-AD38-745D-8EFE-BDC455AA0000','01A229DB-AF79-7821-916F-2E5FD1545C44',2,1,'[{"Number":41,"TierId":"01a229db-ad38-7ac5-b6cd-c9ba3132c2ae","Price":5500},{"Number":42,"TierId":"01a229db-ad38-7ac5-b6cd-c9ba3132c2ae","Price":5500}]',11000,639315953931871741,1,639315953935538187,NULL,'01A229DB-B147-7B27-AAF4-3E1F7AFB58F3',0);
INSERT INTO DashboardOrders VALUES('01A229DB-B36E-8032-B1D5-67162CA70001','01A229DB-AD38-745D-8EFE-BDC455AA0000','01A229DB-AF79-7821-916F-2E5FD1545C44',2,1,'[{"Number":43,"TierId":"01a229db-ad38-7ac5-b6cd-c9ba3132c2ae","Price":5500},{"Number":44,"TierId":"01a229db-ad38-7ac5-b6cd-c9ba3132c2ae","Price":5500}]',11000,639315953939028720,1,639315953939441573,NULL,'01A229DB-B37A-7439-8479-AEA53FF4628F',0);
INSERT INTO DashboardOrders VALUES('01A229DB-B49D-8605-BB10-FD30E68E0001','01A229DB-AD38-745D-8EFE-BDC455AA0000','01A229DB-AF79-7821-916F-2E5FD1545C44',2,1,'[{"Number":45,"TierId":"01a229db-ad38-7ac5-b6cd-c9ba3132c2ae","Price":5500},{"Number":46,"TierId":"01a229db-ad38-7ac5-b6cd-c9ba3132c2ae","Price":5500}]',11000,639315953942054330,1,639315953942717604,NULL,'01A229DB-B4D0-7EF5-AA1C-4F6C0C0456D7',0);
INSERT INTO DashboardOrders VALUES('01A229DB-B4E6-822F-8E15-AAA3617C0001','01A229DB-AD38-745D-8EFE-BDC455AA0000','01A229DB-AF79-7821-916F-2E5FD1545C44',2,3,'[{"Number":47,"TierId":"01a229db-ad38-7ac5-b6cd-c9ba3132c2ae","Price":5500}]',5500,639315953942782924,1,NULL,639315953942886651,NULL,0);
INSERT INTO DashboardOrders VALUES('01A229DB-B503-8C14-97CE-D2DDA2060001','01A229DB-AF46-74AD-BAA4-DA9729210000','01A229DB-AF79-7821-916F-2E5FD1545C44',3,4,'[{"Number":1,"TierId":"01a229db-af46-7b42-8f21-b99c5a7cd005","Price":7000},{"Number":2,"TierId":"01a229db-af46-7b42-8f21-b99c5a7cd005","Price":7000}]',14000,639315953943076417,1,639315953943404487,639315953946126009,'01A229DB-B50C-70B4-ABA7-B554621DA41A',0);
INSERT INTO DashboardOrders VALUES('01A229DB-B734-8BB5-A5B8-3D351C1F0001','01A229DB-AD38-745D-8EFE-BDC455AA0000','01A229DB-AF79-7821-916F-2E5FD1545C44',1,0,'[{"Number":47,"TierId":"01a229db-ad38-7ac5-b6cd-c9ba3132c2ae","Price":5500}]',5500,639315953948690153,1,NULL,NULL,NULL,0);
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
INSERT INTO DashboardPayments VALUES('01A229DB-B147-7B27-AAF4-3E1F7AFB58F3','01A229DB-B092-890B-BF83-E2E246C40001',1,0,11000,'BRL',639315953933514188,639315953935436190,NULL,NULL,NULL,NULL,0,639315953935436190,NULL);
INSERT INTO DashboardPayments VALUES('01A229DB-B37A-7439-8479-AEA53FF4628F','01A229DB-B36E-8032-B1D5-67162CA70001',1,0,11000,'BRL',639315953939141344,639315953939353198,NULL,NULL,NULL,NULL,0,639315953939353198,NULL);
INSERT INTO DashboardPayments VALUES('01A229DB-B4D0-7EF5-AA1C-4F6C0C0456D7','01A229DB-B49D-8605-BB10-FD30E68E0001',1,0,11000,'BRL',639315953942568049,639315953942700214,NULL,NULL,NULL,NULL,0,639315953942700214,NULL);
INSERT INTO DashboardPayments VALUES('01A229DB-B50C-70B4-ABA7-B554621DA41A','01A229DB-B503-8C14-97CE-D2DDA2060001',3,0,14000,'BRL',639315953943162320,639315953946649587,NULL,'event-canceled',NULL,NULL,0,639315953943370571,NULL);
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
INSERT INTO DashboardSales VALUES('01A229DB-AD38-745D-8EFE-BDC455AA0000','00000000-0000-0000-0000-000000000000',0,0,1,1,3,5,0,0,0,33000,6,8);
INSERT INTO DashboardSales VALUES('01A229DB-AD38-745D-8EFE-BDC455AA0000','00000000-0000-0000-0000-000000000000',1,739949,1,1,3,5,0,0,0,33000,6,8);
INSERT INTO DashboardSales VALUES('01A229DB-AD38-745D-8EFE-BDC455AA0000','00000000-0000-0000-0000-000000000000',2,639315953400000000,1,1,3,5,0,0,0,33000,6,8);
INSERT INTO DashboardSales VALUES('01A229DB-AD38-745D-8EFE-BDC455AA0000','01A229DB-AD38-7AC5-B6CD-C9BA3132C2AE',0,0,1,1,3,5,0,0,0,33000,6,8);
INSERT INTO DashboardSales VALUES('01A229DB-AD38-745D-8EFE-BDC455AA0000','01A229DB-AD38-7AC5-B6CD-C9BA3132C2AE',1,739949,1,1,3,5,0,0,0,33000,6,8);
INSERT INTO DashboardSales VALUES('01A229DB-AD38-745D-8EFE-BDC455AA0000','01A229DB-AD38-7AC5-B6CD-C9BA3132C2AE',2,639315953400000000,1,1,3,5,0,0,0,33000,6,8);
INSERT INTO DashboardSales VALUES('01A229DB-AF46-74AD-BAA4-DA9729210000','00000000-0000-0000-0000-000000000000',0,0,0,0,1,1,1,2,14000,14000,2,2);
INSERT INTO DashboardSales VALUES('01A229DB-AF46-74AD-BAA4-DA9729210000','00000000-0000-0000-0000-000000000000',1,739949,0,0,1,1,1,2,14000,14000,2,2);
INSERT INTO DashboardSales VALUES('01A229DB-AF46-74AD-BAA4-DA9729210000','00000000-0000-0000-0000-000000000000',2,639315953400000000,0,0,1,1,1,2,14000,14000,2,2);
INSERT INTO DashboardSales VALUES('01A229DB-AF46-74AD-BAA4-DA9729210000','01A229DB-AF46-7B42-8F21-B99C5A7CD005',0,0,0,0,1,1,1,2,14000,14000,2,2);
INSERT INTO DashboardSales VALUES('01A229DB-AF46-74AD-BAA4-DA9729210000','01A229DB-AF46-7B42-8F21-B99C5A7CD005',1,739949,0,0,1,1,1,2,14000,14000,2,2);
INSERT INTO DashboardSales VALUES('01A229DB-AF46-74AD-BAA4-DA9729210000','01A229DB-AF46-7B42-8F21-B99C5A7CD005',2,639315953400000000,0,0,1,1,1,2,14000,14000,2,2);
CREATE TABLE IF NOT EXISTS "DashboardState" (
    "Name" TEXT NOT NULL CONSTRAINT "PK_DashboardState" PRIMARY KEY,
    "Value" INTEGER NOT NULL
);
INSERT INTO DashboardState VALUES('generation',0);
INSERT INTO DashboardState VALUES('version',28);
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
