START TRANSACTION;
ALTER TABLE `RefreshTokens` ADD `SignedInAt` bigint NOT NULL DEFAULT 0;

UPDATE RefreshTokens SET SignedInAt = ExpiresAt;

CREATE TABLE `Sessions` (
    `Id` char(36) COLLATE ascii_general_ci NOT NULL,
    `UserId` char(36) COLLATE ascii_general_ci NOT NULL,
    `BeganAt` bigint NOT NULL,
    `SeenAt` bigint NOT NULL,
    `EndsAt` bigint NOT NULL,
    `Device` varchar(256) COLLATE utf8mb4_bin NOT NULL,
    `Address` varchar(64) COLLATE utf8mb4_bin NOT NULL,
    CONSTRAINT `PK_Sessions` PRIMARY KEY (`Id`),
    CONSTRAINT `FK_Sessions_AspNetUsers_UserId` FOREIGN KEY (`UserId`) REFERENCES `AspNetUsers` (`Id`) ON DELETE CASCADE
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE INDEX `IX_Sessions_UserId` ON `Sessions` (`UserId`);

INSERT INTO `AccountsMigrations` (`MigrationId`, `ProductVersion`)
VALUES ('20261128143832_Sessions', '9.0.23');

COMMIT;

