BEGIN TRANSACTION;
DROP INDEX "IX_NotificationsOrders_EndedAt";

DROP INDEX "IX_NotificationsOrders_State_ExpiresAt";

DROP INDEX "IX_NotificationsMails_BulkNumber_State";

DROP INDEX "IX_NotificationsMails_Claim";

DROP INDEX "IX_NotificationsMails_DoneAt";

DROP INDEX "IX_NotificationsMails_Email";

ALTER TABLE "NotificationsOrders" ADD "NextMail" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "NotificationsOrders" ADD "NextMailAt" INTEGER NULL;

CREATE INDEX "IX_NotificationsOrders_EndedAt" ON "NotificationsOrders" ("EndedAt") WHERE EndedAt IS NOT NULL;

CREATE INDEX "IX_NotificationsOrders_NextMailAt" ON "NotificationsOrders" ("NextMailAt") WHERE NextMailAt IS NOT NULL;

CREATE INDEX "IX_NotificationsMails_BulkNumber_State" ON "NotificationsMails" ("BulkNumber", "State") WHERE BulkNumber IS NOT NULL;

CREATE INDEX "IX_NotificationsMails_Claim" ON "NotificationsMails" ("Claim") WHERE Claim IS NOT NULL;

CREATE INDEX "IX_NotificationsMails_DoneAt" ON "NotificationsMails" ("DoneAt") WHERE DoneAt IS NOT NULL;

CREATE INDEX "IX_NotificationsMails_Email" ON "NotificationsMails" ("Email") WHERE Email IS NOT NULL;

UPDATE NotificationsOrders SET NextMail = 2, NextMailAt = PlacedAt WHERE State = 1;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261130040038_WaitingMails', '9.0.23');

COMMIT;

