START TRANSACTION;
CREATE INDEX `IX_NotificationsMails_AccountId` ON `NotificationsMails` (`AccountId`);

INSERT INTO `NotificationsMigrations` (`MigrationId`, `ProductVersion`)
VALUES ('20261130051527_MailsOfPeople', '9.0.23');

COMMIT;

