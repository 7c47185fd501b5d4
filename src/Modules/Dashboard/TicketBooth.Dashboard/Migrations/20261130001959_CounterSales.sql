BEGIN TRANSACTION;
ALTER TABLE "DashboardSales" ADD "Complimentary" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "DashboardSales" ADD "CounterRevenue" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "DashboardSales" ADD "CounterSold" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "DashboardOrders" ADD "SoldBy" INTEGER NOT NULL DEFAULT 0;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261130001959_CounterSales', '9.0.23');

COMMIT;

