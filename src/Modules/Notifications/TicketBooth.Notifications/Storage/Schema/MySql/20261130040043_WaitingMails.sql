START TRANSACTION;
ALTER TABLE `NotificationsOrders` DROP INDEX `IX_NotificationsOrders_State_ExpiresAt`;

ALTER TABLE `NotificationsOrders` ADD `NextMail` int NOT NULL DEFAULT 0;

ALTER TABLE `NotificationsOrders` ADD `NextMailAt` bigint NULL;

CREATE INDEX `IX_NotificationsOrders_NextMailAt` ON `NotificationsOrders` (`NextMailAt`);

UPDATE NotificationsOrders SET NextMail = 2, NextMailAt = PlacedAt WHERE State = 1;

INSERT INTO `NotificationsMigrations` (`MigrationId`, `ProductVersion`)
VALUES ('20261130040043_WaitingMails', '9.0.23');

COMMIT;

