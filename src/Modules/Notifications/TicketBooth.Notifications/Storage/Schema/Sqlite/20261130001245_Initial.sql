CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
    "ProductVersion" TEXT NOT NULL
);

BEGIN TRANSACTION;
CREATE TABLE "NotificationsBulks" (
    "Number" INTEGER NOT NULL CONSTRAINT "PK_NotificationsBulks" PRIMARY KEY AUTOINCREMENT,
    "UniqueKey" TEXT NOT NULL,
    "Kind" TEXT NOT NULL,
    "EventId" TEXT NOT NULL,
    "Data" TEXT NULL,
    "At" INTEGER NOT NULL,
    "QueuedUpTo" TEXT NULL,
    "IsQueued" INTEGER NOT NULL
);

CREATE TABLE "NotificationsEvents" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_NotificationsEvents" PRIMARY KEY,
    "Version" INTEGER NOT NULL,
    "Name" TEXT NOT NULL,
    "Venue" TEXT NOT NULL,
    "StartsAt" INTEGER NOT NULL,
    "CanceledAt" INTEGER NULL
);

CREATE TABLE "NotificationsMails" (
    "Number" INTEGER NOT NULL CONSTRAINT "PK_NotificationsMails" PRIMARY KEY AUTOINCREMENT,
    "UniqueKey" TEXT NOT NULL,
    "Kind" TEXT NOT NULL,
    "State" INTEGER NOT NULL,
    "IsBulk" INTEGER NOT NULL,
    "AccountId" TEXT NULL,
    "Name" TEXT NULL,
    "Email" TEXT NULL,
    "Language" TEXT NULL,
    "OrderId" TEXT NULL,
    "EventId" TEXT NULL,
    "BulkNumber" INTEGER NULL,
    "Data" TEXT NULL,
    "CreatedAt" INTEGER NOT NULL,
    "NextTryAt" INTEGER NOT NULL,
    "Tries" INTEGER NOT NULL,
    "Claim" TEXT NULL,
    "Failure" TEXT NULL,
    "DoneAt" INTEGER NULL
);

CREATE TABLE "NotificationsOrders" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_NotificationsOrders" PRIMARY KEY,
    "Revision" INTEGER NOT NULL,
    "State" INTEGER NOT NULL,
    "EventId" TEXT NOT NULL,
    "BuyerId" TEXT NOT NULL,
    "Tickets" TEXT NOT NULL,
    "Total" INTEGER NOT NULL,
    "Currency" TEXT NOT NULL,
    "Language" TEXT NULL,
    "PlacedAt" INTEGER NOT NULL,
    "ExpiresAt" INTEGER NOT NULL,
    "PaidAt" INTEGER NULL,
    "EndedAt" INTEGER NULL,
    "PaymentId" TEXT NULL,
    "IsByPix" INTEGER NOT NULL,
    "PaymentAt" INTEGER NULL,
    "IsPaying" INTEGER NOT NULL
);

CREATE UNIQUE INDEX "IX_NotificationsBulks_UniqueKey" ON "NotificationsBulks" ("UniqueKey");

CREATE INDEX "IX_NotificationsEvents_StartsAt" ON "NotificationsEvents" ("StartsAt");

CREATE INDEX "IX_NotificationsMails_BulkNumber_State" ON "NotificationsMails" ("BulkNumber", "State");

CREATE INDEX "IX_NotificationsMails_Claim" ON "NotificationsMails" ("Claim");

CREATE INDEX "IX_NotificationsMails_DoneAt" ON "NotificationsMails" ("DoneAt");

CREATE INDEX "IX_NotificationsMails_Email" ON "NotificationsMails" ("Email");

CREATE INDEX "IX_NotificationsMails_OrderId" ON "NotificationsMails" ("OrderId");

CREATE INDEX "IX_NotificationsMails_State_IsBulk_NextTryAt" ON "NotificationsMails" ("State", "IsBulk", "NextTryAt");

CREATE UNIQUE INDEX "IX_NotificationsMails_UniqueKey" ON "NotificationsMails" ("UniqueKey");

CREATE INDEX "IX_NotificationsOrders_EndedAt" ON "NotificationsOrders" ("EndedAt");

CREATE INDEX "IX_NotificationsOrders_EventId_Id" ON "NotificationsOrders" ("EventId", "Id");

CREATE INDEX "IX_NotificationsOrders_State_ExpiresAt" ON "NotificationsOrders" ("State", "ExpiresAt");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261130001245_Initial', '9.0.23');

COMMIT;

