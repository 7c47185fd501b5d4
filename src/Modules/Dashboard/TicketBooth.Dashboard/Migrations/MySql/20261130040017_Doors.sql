START TRANSACTION;
ALTER TABLE `DashboardSales` ADD `CounterOrders` bigint NOT NULL DEFAULT 0;

CREATE TABLE `DashboardDoors` (
    `EventId` char(36) COLLATE ascii_general_ci NOT NULL,
    `At` bigint NOT NULL,
    `Came` bigint NOT NULL,
    `Entries` bigint NOT NULL,
    `Exits` bigint NOT NULL,
    `Inside` bigint NOT NULL,
    CONSTRAINT `PK_DashboardDoors` PRIMARY KEY (`EventId`, `At`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `DashboardPassages` (
    `Id` char(36) COLLATE ascii_general_ci NOT NULL,
    `EventId` char(36) COLLATE ascii_general_ci NOT NULL,
    `TicketId` char(36) COLLATE ascii_general_ci NOT NULL,
    `CodeGeneration` int NOT NULL,
    `Turn` int NOT NULL,
    `IsEntry` tinyint(1) NOT NULL,
    `ScannedAt` bigint NOT NULL,
    `IsUndone` tinyint(1) NOT NULL,
    `Generation` bigint NOT NULL,
    CONSTRAINT `PK_DashboardPassages` PRIMARY KEY (`Id`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE INDEX `IX_DashboardPassages_EventId` ON `DashboardPassages` (`EventId`);

CREATE INDEX `IX_DashboardPassages_TicketId` ON `DashboardPassages` (`TicketId`);

INSERT INTO `DashboardMigrations` (`MigrationId`, `ProductVersion`)
VALUES ('20261130040017_Doors', '9.0.23');

COMMIT;

