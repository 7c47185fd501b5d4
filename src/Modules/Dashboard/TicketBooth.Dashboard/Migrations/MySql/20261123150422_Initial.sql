CREATE TABLE IF NOT EXISTS `DashboardMigrations` (
    `MigrationId` varchar(150) CHARACTER SET utf8mb4 NOT NULL,
    `ProductVersion` varchar(32) CHARACTER SET utf8mb4 NOT NULL,
    CONSTRAINT `PK_DashboardMigrations` PRIMARY KEY (`MigrationId`)
) CHARACTER SET=utf8mb4;

START TRANSACTION;
CREATE TABLE `DashboardActs` (
    `Id` char(36) COLLATE ascii_general_ci NOT NULL,
    `ActId` char(36) COLLATE ascii_general_ci NOT NULL,
    `At` bigint NOT NULL,
    `ById` char(36) COLLATE ascii_general_ci NOT NULL,
    `ByName` varchar(200) COLLATE utf8mb4_bin NOT NULL,
    `Kind` varchar(100) COLLATE utf8mb4_bin NOT NULL,
    `SubjectId` char(36) COLLATE ascii_general_ci NULL,
    `Request` longtext COLLATE utf8mb4_bin NOT NULL,
    `Before` longtext COLLATE utf8mb4_bin NULL,
    `After` longtext COLLATE utf8mb4_bin NULL,
    `Outcome` varchar(100) COLLATE utf8mb4_bin NOT NULL,
    CONSTRAINT `PK_DashboardActs` PRIMARY KEY (`Id`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `DashboardEvents` (
    `Id` char(36) COLLATE ascii_general_ci NOT NULL,
    `Version` bigint NOT NULL,
    `IsCanceled` tinyint(1) NOT NULL,
    `Name` varchar(200) COLLATE utf8mb4_bin NOT NULL,
    `Venue` varchar(200) COLLATE utf8mb4_bin NOT NULL,
    `StartsAt` bigint NOT NULL,
    `SaleOpensAt` bigint NOT NULL,
    `SaleClosesAt` bigint NOT NULL,
    `Currency` varchar(3) COLLATE utf8mb4_bin NOT NULL,
    `Capacity` int NOT NULL,
    `Tiers` longtext COLLATE utf8mb4_bin NOT NULL,
    `Released` int NOT NULL,
    CONSTRAINT `PK_DashboardEvents` PRIMARY KEY (`Id`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `DashboardOrders` (
    `Id` char(36) COLLATE ascii_general_ci NOT NULL,
    `EventId` char(36) COLLATE ascii_general_ci NOT NULL,
    `BuyerId` char(36) COLLATE ascii_general_ci NOT NULL,
    `Revision` int NOT NULL,
    `Status` int NOT NULL,
    `Tickets` longtext COLLATE utf8mb4_bin NOT NULL,
    `Total` bigint NOT NULL,
    `PlacedAt` bigint NOT NULL,
    `IsPlacedAtKnown` tinyint(1) NOT NULL,
    `PaidAt` bigint NULL,
    `EndedAt` bigint NULL,
    `PaymentId` char(36) COLLATE ascii_general_ci NULL,
    `Generation` bigint NOT NULL,
    CONSTRAINT `PK_DashboardOrders` PRIMARY KEY (`Id`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `DashboardPayments` (
    `Id` char(36) COLLATE ascii_general_ci NOT NULL,
    `OrderId` char(36) COLLATE ascii_general_ci NOT NULL,
    `Status` int NOT NULL,
    `Method` int NULL,
    `Amount` bigint NOT NULL,
    `Currency` varchar(3) COLLATE utf8mb4_bin NOT NULL,
    `StartedAt` bigint NULL,
    `ChangedAt` bigint NULL,
    `DeclineReason` varchar(100) COLLATE utf8mb4_bin NULL,
    `RefundReason` varchar(100) COLLATE utf8mb4_bin NULL,
    `AwaitingSince` bigint NULL,
    `OwedSince` bigint NULL,
    `Generation` bigint NOT NULL,
    CONSTRAINT `PK_DashboardPayments` PRIMARY KEY (`Id`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `DashboardRuns` (
    `Id` char(36) COLLATE ascii_general_ci NOT NULL,
    `Kind` int NOT NULL,
    `StartedAt` bigint NOT NULL,
    `EndedAt` bigint NULL,
    `SeenAt` bigint NOT NULL,
    `Done` bigint NOT NULL,
    `Differences` bigint NOT NULL,
    `Report` longtext COLLATE utf8mb4_bin NOT NULL,
    CONSTRAINT `PK_DashboardRuns` PRIMARY KEY (`Id`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `DashboardSales` (
    `EventId` char(36) COLLATE ascii_general_ci NOT NULL,
    `TierId` char(36) COLLATE ascii_general_ci NOT NULL,
    `Span` int NOT NULL,
    `At` bigint NOT NULL,
    `Lapsed` bigint NOT NULL,
    `OrdersLapsed` bigint NOT NULL,
    `OrdersPaid` bigint NOT NULL,
    `OrdersPlaced` bigint NOT NULL,
    `OrdersRefunded` bigint NOT NULL,
    `Refunded` bigint NOT NULL,
    `Returned` bigint NOT NULL,
    `Revenue` bigint NOT NULL,
    `Sold` bigint NOT NULL,
    `Taken` bigint NOT NULL,
    CONSTRAINT `PK_DashboardSales` PRIMARY KEY (`EventId`, `TierId`, `Span`, `At`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `DashboardState` (
    `Name` varchar(32) COLLATE utf8mb4_bin NOT NULL,
    `Value` bigint NOT NULL,
    CONSTRAINT `PK_DashboardState` PRIMARY KEY (`Name`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT INTO `DashboardState` (`Name`, `Value`)
VALUES ('generation', 0),
('version', 0);

CREATE INDEX `IX_DashboardActs_ActId` ON `DashboardActs` (`ActId`);

CREATE INDEX `IX_DashboardActs_At_Id` ON `DashboardActs` (`At`, `Id`);

CREATE INDEX `IX_DashboardActs_SubjectId_At_Id` ON `DashboardActs` (`SubjectId`, `At`, `Id`);

CREATE INDEX `IX_DashboardEvents_StartsAt` ON `DashboardEvents` (`StartsAt`);

CREATE INDEX `IX_DashboardOrders_BuyerId_PlacedAt_Id` ON `DashboardOrders` (`BuyerId`, `PlacedAt`, `Id`);

CREATE INDEX `IX_DashboardOrders_EventId_PlacedAt_Id` ON `DashboardOrders` (`EventId`, `PlacedAt`, `Id`);

CREATE INDEX `IX_DashboardOrders_PlacedAt_Id` ON `DashboardOrders` (`PlacedAt`, `Id`);

CREATE INDEX `IX_DashboardOrders_Status_PlacedAt_Id` ON `DashboardOrders` (`Status`, `PlacedAt`, `Id`);

CREATE INDEX `IX_DashboardPayments_AwaitingSince` ON `DashboardPayments` (`AwaitingSince`);

CREATE INDEX `IX_DashboardPayments_OrderId` ON `DashboardPayments` (`OrderId`);

CREATE INDEX `IX_DashboardPayments_OwedSince` ON `DashboardPayments` (`OwedSince`);

CREATE INDEX `IX_DashboardRuns_Kind_StartedAt` ON `DashboardRuns` (`Kind`, `StartedAt`);

CREATE INDEX `IX_DashboardSales_Span_At` ON `DashboardSales` (`Span`, `At`);

INSERT INTO `DashboardMigrations` (`MigrationId`, `ProductVersion`)
VALUES ('20261123150422_Initial', '9.0.23');

COMMIT;

