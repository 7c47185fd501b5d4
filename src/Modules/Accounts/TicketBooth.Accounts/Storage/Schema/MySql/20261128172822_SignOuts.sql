START TRANSACTION;
CREATE INDEX `IX_RefreshTokens_RevokedAt` ON `RefreshTokens` (`RevokedAt`);

INSERT INTO `AccountsMigrations` (`MigrationId`, `ProductVersion`)
VALUES ('20261128172822_SignOuts', '9.0.23');

COMMIT;

