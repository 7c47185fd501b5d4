START TRANSACTION;
ALTER TABLE `DashboardPayments` ADD `CapturedAt` bigint NULL;

ALTER TABLE `DashboardPayments` ADD `DeclinedAt` bigint NULL;

UPDATE DashboardPayments SET CapturedAt = ChangedAt WHERE Status = 1;

UPDATE DashboardPayments SET DeclinedAt = ChangedAt WHERE Status = 2;

INSERT INTO `DashboardMigrations` (`MigrationId`, `ProductVersion`)
VALUES ('20261124040832_PaymentTimes', '9.0.23');

COMMIT;

