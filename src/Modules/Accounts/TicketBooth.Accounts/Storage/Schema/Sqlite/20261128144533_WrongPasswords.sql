BEGIN TRANSACTION;
CREATE TABLE "WrongPasswords" (
    "Key" BLOB NOT NULL CONSTRAINT "PK_WrongPasswords" PRIMARY KEY,
    "Count" INTEGER NOT NULL,
    "LastAt" INTEGER NOT NULL
);

CREATE INDEX "IX_WrongPasswords_LastAt" ON "WrongPasswords" ("LastAt");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261128144533_WrongPasswords', '9.0.23');

COMMIT;

