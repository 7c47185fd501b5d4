CREATE TABLE IF NOT EXISTS `NotificationsMigrations` (
    `MigrationId` varchar(150) CHARACTER SET utf8mb4 NOT NULL,
    `ProductVersion` varchar(32) CHARACTER SET utf8mb4 NOT NULL,
    CONSTRAINT `PK_NotificationsMigrations` PRIMARY KEY (`MigrationId`)
) CHARACTER SET=utf8mb4;

START TRANSACTION;
CREATE TABLE `NotificationsBulks` (
    `Number` bigint NOT NULL AUTO_INCREMENT,
    `UniqueKey` varchar(160) COLLATE utf8mb4_bin NOT NULL,
    `Kind` varchar(40) COLLATE utf8mb4_bin NOT NULL,
    `EventId` char(36) COLLATE ascii_general_ci NOT NULL,
    `Data` longtext COLLATE utf8mb4_bin NULL,
    `At` bigint NOT NULL,
    `QueuedUpTo` char(36) COLLATE ascii_general_ci NULL,
    `IsQueued` tinyint(1) NOT NULL,
    CONSTRAINT `PK_NotificationsBulks` PRIMARY KEY (`Number`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `NotificationsEvents` (
    `Id` char(36) COLLATE ascii_general_ci NOT NULL,
    `Version` bigint NOT NULL,
    `Name` varchar(200) COLLATE utf8mb4_bin NOT NULL,
    `Venue` varchar(200) COLLATE utf8mb4_bin NOT NULL,
    `StartsAt` bigint NOT NULL,
    `CanceledAt` bigint NULL,
    CONSTRAINT `PK_NotificationsEvents` PRIMARY KEY (`Id`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `NotificationsMails` (
    `Number` bigint NOT NULL AUTO_INCREMENT,
    `UniqueKey` varchar(160) COLLATE utf8mb4_bin NOT NULL,
    `Kind` varchar(40) COLLATE utf8mb4_bin NOT NULL,
    `State` int NOT NULL,
    `IsBulk` tinyint(1) NOT NULL,
    `AccountId` char(36) COLLATE ascii_general_ci NULL,
    `Name` varchar(200) COLLATE utf8mb4_bin NULL,
    `Email` varchar(254) COLLATE utf8mb4_bin NULL,
    `Language` varchar(10) COLLATE utf8mb4_bin NULL,
    `OrderId` char(36) COLLATE ascii_general_ci NULL,
    `EventId` char(36) COLLATE ascii_general_ci NULL,
    `BulkNumber` bigint NULL,
    `Data` longtext COLLATE utf8mb4_bin NULL,
    `CreatedAt` bigint NOT NULL,
    `NextTryAt` bigint NOT NULL,
    `Tries` int NOT NULL,
    `Claim` char(36) COLLATE ascii_general_ci NULL,
    `Failure` varchar(500) COLLATE utf8mb4_bin NULL,
    `DoneAt` bigint NULL,
    CONSTRAINT `PK_NotificationsMails` PRIMARY KEY (`Number`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `NotificationsOrders` (
    `Id` char(36) COLLATE ascii_general_ci NOT NULL,
    `Revision` int NOT NULL,
    `State` int NOT NULL,
    `EventId` char(36) COLLATE ascii_general_ci NOT NULL,
    `BuyerId` char(36) COLLATE ascii_general_ci NOT NULL,
    `Tickets` longtext COLLATE utf8mb4_bin NOT NULL,
    `Total` bigint NOT NULL,
    `Currency` varchar(3) COLLATE utf8mb4_bin NOT NULL,
    `Language` varchar(10) COLLATE utf8mb4_bin NULL,
    `PlacedAt` bigint NOT NULL,
    `ExpiresAt` bigint NOT NULL,
    `PaidAt` bigint NULL,
    `EndedAt` bigint NULL,
    `PaymentId` char(36) COLLATE ascii_general_ci NULL,
    `IsByPix` tinyint(1) NOT NULL,
    `PaymentAt` bigint NULL,
    `IsPaying` tinyint(1) NOT NULL,
    CONSTRAINT `PK_NotificationsOrders` PRIMARY KEY (`Id`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE UNIQUE INDEX `IX_NotificationsBulks_UniqueKey` ON `NotificationsBulks` (`UniqueKey`);

CREATE INDEX `IX_NotificationsEvents_StartsAt` ON `NotificationsEvents` (`StartsAt`);

CREATE INDEX `IX_NotificationsMails_BulkNumber_State` ON `NotificationsMails` (`BulkNumber`, `State`);

CREATE INDEX `IX_NotificationsMails_Claim` ON `NotificationsMails` (`Claim`);

CREATE INDEX `IX_NotificationsMails_DoneAt` ON `NotificationsMails` (`DoneAt`);

CREATE INDEX `IX_NotificationsMails_Email` ON `NotificationsMails` (`Email`);

CREATE INDEX `IX_NotificationsMails_OrderId` ON `NotificationsMails` (`OrderId`);

CREATE INDEX `IX_NotificationsMails_State_IsBulk_NextTryAt` ON `NotificationsMails` (`State`, `IsBulk`, `NextTryAt`);

CREATE UNIQUE INDEX `IX_NotificationsMails_UniqueKey` ON `NotificationsMails` (`UniqueKey`);

CREATE INDEX `IX_NotificationsOrders_EndedAt` ON `NotificationsOrders` (`EndedAt`);

CREATE INDEX `IX_NotificationsOrders_EventId_Id` ON `NotificationsOrders` (`EventId`, `Id`);

CREATE INDEX `IX_NotificationsOrders_State_ExpiresAt` ON `NotificationsOrders` (`State`, `ExpiresAt`);

INSERT INTO `NotificationsMigrations` (`MigrationId`, `ProductVersion`)
VALUES ('20261130001247_Initial', '9.0.23');

COMMIT;

