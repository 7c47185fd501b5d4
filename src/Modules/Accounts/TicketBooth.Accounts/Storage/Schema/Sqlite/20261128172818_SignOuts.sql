BEGIN TRANSACTION;
CREATE INDEX "IX_RefreshTokens_RevokedAt" ON "RefreshTokens" ("RevokedAt");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261128172818_SignOuts', '9.0.23');

COMMIT;

