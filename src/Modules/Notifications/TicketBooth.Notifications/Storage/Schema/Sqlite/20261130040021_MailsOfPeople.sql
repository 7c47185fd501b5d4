BEGIN TRANSACTION;
CREATE INDEX "IX_NotificationsMails_AccountId" ON "NotificationsMails" ("AccountId");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261130040021_MailsOfPeople', '9.0.23');

COMMIT;

