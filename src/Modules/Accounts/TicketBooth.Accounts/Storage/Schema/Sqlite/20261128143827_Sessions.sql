BEGIN TRANSACTION;
ALTER TABLE "RefreshTokens" ADD "SignedInAt" INTEGER NOT NULL DEFAULT 0;

UPDATE RefreshTokens SET SignedInAt = ExpiresAt;

CREATE TABLE "Sessions" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_Sessions" PRIMARY KEY,
    "UserId" TEXT NOT NULL,
    "BeganAt" INTEGER NOT NULL,
    "SeenAt" INTEGER NOT NULL,
    "EndsAt" INTEGER NOT NULL,
    "Device" TEXT NOT NULL,
    "Address" TEXT NOT NULL,
    CONSTRAINT "FK_Sessions_AspNetUsers_UserId" FOREIGN KEY ("UserId") REFERENCES "AspNetUsers" ("Id") ON DELETE CASCADE
);

CREATE INDEX "IX_Sessions_UserId" ON "Sessions" ("UserId");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261128143827_Sessions', '9.0.23');

COMMIT;

