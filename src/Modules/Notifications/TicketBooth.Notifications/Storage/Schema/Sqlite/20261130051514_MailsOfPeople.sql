BEGIN TRANSACTION;
CREATE INDEX "IX_NotificationsMails_AccountId" ON "NotificationsMails" ("AccountId") WHERE AccountId IS NOT NULL;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261130051514_MailsOfPeople', '9.0.23');

COMMIT;

