BEGIN TRANSACTION;
ALTER TABLE "AspNetUsers" ADD "ErasedAt" INTEGER NULL;

CREATE TABLE "GuestTokens" (
    "Hash" BLOB NOT NULL CONSTRAINT "PK_GuestTokens" PRIMARY KEY,
    "Email" TEXT NOT NULL,
    "NormalizedEmail" TEXT NOT NULL,
    "Name" TEXT NULL,
    "Language" TEXT NULL,
    "ExpiresAt" INTEGER NOT NULL
);

CREATE INDEX "IX_GuestTokens_ExpiresAt" ON "GuestTokens" ("ExpiresAt");

CREATE INDEX "IX_GuestTokens_NormalizedEmail" ON "GuestTokens" ("NormalizedEmail");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261130040014_People', '9.0.23');

COMMIT;

