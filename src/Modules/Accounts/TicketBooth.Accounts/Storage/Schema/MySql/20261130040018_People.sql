START TRANSACTION;
ALTER TABLE `AspNetUsers` ADD `ErasedAt` bigint NULL;

CREATE TABLE `GuestTokens` (
    `Hash` varbinary(32) NOT NULL,
    `Email` varchar(256) COLLATE utf8mb4_bin NOT NULL,
    `NormalizedEmail` varchar(256) COLLATE utf8mb4_bin NOT NULL,
    `Name` varchar(200) COLLATE utf8mb4_bin NULL,
    `Language` varchar(10) COLLATE utf8mb4_bin NULL,
    `ExpiresAt` bigint NOT NULL,
    CONSTRAINT `PK_GuestTokens` PRIMARY KEY (`Hash`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE INDEX `IX_GuestTokens_ExpiresAt` ON `GuestTokens` (`ExpiresAt`);

CREATE INDEX `IX_GuestTokens_NormalizedEmail` ON `GuestTokens` (`NormalizedEmail`);

INSERT INTO `AccountsMigrations` (`MigrationId`, `ProductVersion`)
VALUES ('20261130040018_People', '9.0.23');

COMMIT;

