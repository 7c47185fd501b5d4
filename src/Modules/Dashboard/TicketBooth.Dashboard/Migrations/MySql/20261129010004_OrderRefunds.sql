START TRANSACTION;
ALTER TABLE `DashboardOrders` ADD `Refunds` longtext COLLATE utf8mb4_bin NULL;

INSERT INTO `DashboardMigrations` (`MigrationId`, `ProductVersion`)
VALUES ('20261129010004_OrderRefunds', '9.0.23');

COMMIT;

