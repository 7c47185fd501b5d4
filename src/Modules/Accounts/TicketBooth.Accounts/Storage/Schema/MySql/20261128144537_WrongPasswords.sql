START TRANSACTION;
CREATE TABLE `WrongPasswords` (
    `Key` varbinary(32) NOT NULL,
    `Count` int NOT NULL,
    `LastAt` bigint NOT NULL,
    CONSTRAINT `PK_WrongPasswords` PRIMARY KEY (`Key`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE INDEX `IX_WrongPasswords_LastAt` ON `WrongPasswords` (`LastAt`);

INSERT INTO `AccountsMigrations` (`MigrationId`, `ProductVersion`)
VALUES ('20261128144537_WrongPasswords', '9.0.23');

COMMIT;

