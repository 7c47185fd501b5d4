BEGIN TRANSACTION;
ALTER TABLE "DashboardSales" ADD "CounterOrders" INTEGER NOT NULL DEFAULT 0;

CREATE TABLE "DashboardDoors" (
    "EventId" TEXT NOT NULL,
    "At" INTEGER NOT NULL,
    "Came" INTEGER NOT NULL,
    "Entries" INTEGER NOT NULL,
    "Exits" INTEGER NOT NULL,
    "Inside" INTEGER NOT NULL,
    CONSTRAINT "PK_DashboardDoors" PRIMARY KEY ("EventId", "At")
);

CREATE TABLE "DashboardPassages" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_DashboardPassages" PRIMARY KEY,
    "EventId" TEXT NOT NULL,
    "TicketId" TEXT NOT NULL,
    "CodeGeneration" INTEGER NOT NULL,
    "Turn" INTEGER NOT NULL,
    "IsEntry" INTEGER NOT NULL,
    "ScannedAt" INTEGER NOT NULL,
    "IsUndone" INTEGER NOT NULL,
    "Generation" INTEGER NOT NULL
);

CREATE INDEX "IX_DashboardPassages_EventId" ON "DashboardPassages" ("EventId");

CREATE INDEX "IX_DashboardPassages_TicketId" ON "DashboardPassages" ("TicketId");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261130040013_Doors', '9.0.23');

COMMIT;

