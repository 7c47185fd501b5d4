START TRANSACTION;
ALTER TABLE `AspNetUsers` ADD `Language` varchar(10) COLLATE utf8mb4_bin NULL;

CREATE TABLE `AccountsOutbox` (
    `Sequence` bigint NOT NULL,
    `MessageId` char(36) COLLATE ascii_general_ci NOT NULL,
    `MessageType` varchar(200) COLLATE utf8mb4_bin NOT NULL,
    `MessageKey` char(36) COLLATE ascii_general_ci NOT NULL,
    `Body` longblob NOT NULL,
    `CorrelationId` char(36) COLLATE ascii_general_ci NOT NULL,
    `TraceParent` varchar(200) COLLATE utf8mb4_bin NULL,
    `At` bigint NOT NULL,
    CONSTRAINT `PK_AccountsOutbox` PRIMARY KEY (`Sequence`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `AccountsOutboxCursors` (
    `Destination` varchar(200) COLLATE utf8mb4_bin NOT NULL,
    `Sequence` bigint NOT NULL,
    CONSTRAINT `PK_AccountsOutboxCursors` PRIMARY KEY (`Destination`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `KnownDevices` (
    `UserId` char(36) COLLATE ascii_general_ci NOT NULL,
    `Hash` varbinary(32) NOT NULL,
    CONSTRAINT `PK_KnownDevices` PRIMARY KEY (`UserId`, `Hash`),
    CONSTRAINT `FK_KnownDevices_AspNetUsers_UserId` FOREIGN KEY (`UserId`) REFERENCES `AspNetUsers` (`Id`) ON DELETE CASCADE
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `MailRequests` (
    `Id` char(36) COLLATE ascii_general_ci NOT NULL,
    `NormalizedEmail` varchar(256) COLLATE utf8mb4_bin NOT NULL,
    `Language` varchar(10) COLLATE utf8mb4_bin NULL,
    CONSTRAINT `PK_MailRequests` PRIMARY KEY (`Id`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `MailTokens` (
    `Hash` varbinary(32) NOT NULL,
    `UserId` char(36) COLLATE ascii_general_ci NOT NULL,
    `Purpose` varchar(32) COLLATE utf8mb4_bin NOT NULL,
    `Email` varchar(256) COLLATE utf8mb4_bin NOT NULL,
    `ExpiresAt` bigint NOT NULL,
    CONSTRAINT `PK_MailTokens` PRIMARY KEY (`Hash`),
    CONSTRAINT `FK_MailTokens_AspNetUsers_UserId` FOREIGN KEY (`UserId`) REFERENCES `AspNetUsers` (`Id`) ON DELETE CASCADE
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT INTO `AccountsOutboxCursors` (`Destination`, `Sequence`)
VALUES ('', 0);

CREATE INDEX `IX_MailTokens_ExpiresAt` ON `MailTokens` (`ExpiresAt`);

CREATE INDEX `IX_MailTokens_UserId` ON `MailTokens` (`UserId`);

INSERT INTO `AccountsMigrations` (`MigrationId`, `ProductVersion`)
VALUES ('20261129235139_Mails', '9.0.23');

COMMIT;

