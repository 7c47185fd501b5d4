START TRANSACTION;
ALTER TABLE `DashboardSales` ADD `Complimentary` bigint NOT NULL DEFAULT 0;

ALTER TABLE `DashboardSales` ADD `CounterRevenue` bigint NOT NULL DEFAULT 0;

ALTER TABLE `DashboardSales` ADD `CounterSold` bigint NOT NULL DEFAULT 0;

ALTER TABLE `DashboardOrders` ADD `SoldBy` int NOT NULL DEFAULT 0;

INSERT INTO `DashboardMigrations` (`MigrationId`, `ProductVersion`)
VALUES ('20261130002012_CounterSales', '9.0.23');

COMMIT;

