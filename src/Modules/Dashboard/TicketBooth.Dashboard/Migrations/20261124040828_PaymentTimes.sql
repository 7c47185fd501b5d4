BEGIN TRANSACTION;
ALTER TABLE "DashboardPayments" ADD "CapturedAt" INTEGER NULL;

ALTER TABLE "DashboardPayments" ADD "DeclinedAt" INTEGER NULL;

UPDATE DashboardPayments SET CapturedAt = ChangedAt WHERE Status = 1;

UPDATE DashboardPayments SET DeclinedAt = ChangedAt WHERE Status = 2;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261124040828_PaymentTimes', '9.0.23');

COMMIT;

