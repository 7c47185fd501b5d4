CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
    "ProductVersion" TEXT NOT NULL
);

BEGIN TRANSACTION;
CREATE TABLE "DashboardActs" (
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

CREATE TABLE "DashboardEvents" (
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

CREATE TABLE "DashboardOrders" (
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

CREATE TABLE "DashboardPayments" (
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
);

CREATE TABLE "DashboardRuns" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_DashboardRuns" PRIMARY KEY,
    "Kind" INTEGER NOT NULL,
    "StartedAt" INTEGER NOT NULL,
    "EndedAt" INTEGER NULL,
    "SeenAt" INTEGER NOT NULL,
    "Done" INTEGER NOT NULL,
    "Differences" INTEGER NOT NULL,
    "Report" TEXT NOT NULL
);

CREATE TABLE "DashboardSales" (
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

CREATE TABLE "DashboardState" (
    "Name" TEXT NOT NULL CONSTRAINT "PK_DashboardState" PRIMARY KEY,
    "Value" INTEGER NOT NULL
);

INSERT INTO "DashboardState" ("Name", "Value")
VALUES ('generation', 0);
SELECT changes();

INSERT INTO "DashboardState" ("Name", "Value")
VALUES ('version', 0);
SELECT changes();


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

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261123150419_Initial', '9.0.23');

COMMIT;

