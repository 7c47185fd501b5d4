BEGIN TRANSACTION;
ALTER TABLE "DashboardOrders" ADD "Refunds" TEXT NULL;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261129010000_OrderRefunds', '9.0.23');

COMMIT;

