START TRANSACTION;
ALTER TABLE `DashboardSales` ADD `Disputes` bigint NOT NULL DEFAULT 0;

ALTER TABLE `DashboardOrders` ADD `DisputedSince` bigint NULL;

ALTER TABLE `DashboardOrders` ADD `Disputes` longtext COLLATE utf8mb4_bin NULL;

CREATE INDEX `IX_DashboardOrders_DisputedSince` ON `DashboardOrders` (`DisputedSince`);

INSERT INTO `DashboardMigrations` (`MigrationId`, `ProductVersion`)
VALUES ('20261130000304_Disputes', '9.0.23');

COMMIT;

