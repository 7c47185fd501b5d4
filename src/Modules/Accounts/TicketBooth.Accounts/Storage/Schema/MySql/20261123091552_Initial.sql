CREATE TABLE IF NOT EXISTS `AccountsMigrations` (
    `MigrationId` varchar(150) CHARACTER SET utf8mb4 NOT NULL,
    `ProductVersion` varchar(32) CHARACTER SET utf8mb4 NOT NULL,
    CONSTRAINT `PK_AccountsMigrations` PRIMARY KEY (`MigrationId`)
) CHARACTER SET=utf8mb4;

START TRANSACTION;
CREATE TABLE `AspNetRoles` (
    `Id` char(36) COLLATE ascii_general_ci NOT NULL,
    `Name` varchar(256) COLLATE utf8mb4_bin NULL,
    `NormalizedName` varchar(256) COLLATE utf8mb4_bin NULL,
    `ConcurrencyStamp` longtext COLLATE utf8mb4_bin NULL,
    CONSTRAINT `PK_AspNetRoles` PRIMARY KEY (`Id`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `AspNetUsers` (
    `Id` char(36) COLLATE ascii_general_ci NOT NULL,
    `Name` varchar(200) COLLATE utf8mb4_bin NOT NULL,
    `UserName` varchar(256) COLLATE utf8mb4_bin NULL,
    `NormalizedUserName` varchar(256) COLLATE utf8mb4_bin NULL,
    `Email` varchar(256) COLLATE utf8mb4_bin NULL,
    `NormalizedEmail` varchar(256) COLLATE utf8mb4_bin NULL,
    `EmailConfirmed` tinyint(1) NOT NULL,
    `PasswordHash` longtext COLLATE utf8mb4_bin NULL,
    `SecurityStamp` longtext COLLATE utf8mb4_bin NULL,
    `ConcurrencyStamp` longtext COLLATE utf8mb4_bin NULL,
    `PhoneNumber` longtext COLLATE utf8mb4_bin NULL,
    `PhoneNumberConfirmed` tinyint(1) NOT NULL,
    `TwoFactorEnabled` tinyint(1) NOT NULL,
    `LockoutEnd` bigint NULL,
    `LockoutEnabled` tinyint(1) NOT NULL,
    `AccessFailedCount` int NOT NULL,
    CONSTRAINT `PK_AspNetUsers` PRIMARY KEY (`Id`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `SigningKeys` (
    `Id` varchar(64) COLLATE utf8mb4_bin NOT NULL,
    `PrivateKey` varbinary(1024) NOT NULL,
    `CreatedAt` bigint NOT NULL,
    CONSTRAINT `PK_SigningKeys` PRIMARY KEY (`Id`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `AspNetUserRoles` (
    `UserId` char(36) COLLATE ascii_general_ci NOT NULL,
    `RoleId` char(36) COLLATE ascii_general_ci NOT NULL,
    CONSTRAINT `PK_AspNetUserRoles` PRIMARY KEY (`UserId`, `RoleId`),
    CONSTRAINT `FK_AspNetUserRoles_AspNetRoles_RoleId` FOREIGN KEY (`RoleId`) REFERENCES `AspNetRoles` (`Id`) ON DELETE CASCADE,
    CONSTRAINT `FK_AspNetUserRoles_AspNetUsers_UserId` FOREIGN KEY (`UserId`) REFERENCES `AspNetUsers` (`Id`) ON DELETE CASCADE
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `AspNetUserTokens` (
    `UserId` char(36) COLLATE ascii_general_ci NOT NULL,
    `LoginProvider` varchar(128) COLLATE utf8mb4_bin NOT NULL,
    `Name` varchar(128) COLLATE utf8mb4_bin NOT NULL,
    `Value` longtext COLLATE utf8mb4_bin NULL,
    CONSTRAINT `PK_AspNetUserTokens` PRIMARY KEY (`UserId`, `LoginProvider`, `Name`),
    CONSTRAINT `FK_AspNetUserTokens_AspNetUsers_UserId` FOREIGN KEY (`UserId`) REFERENCES `AspNetUsers` (`Id`) ON DELETE CASCADE
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `RefreshTokens` (
    `Hash` varbinary(32) NOT NULL,
    `FamilyId` char(36) COLLATE ascii_general_ci NOT NULL,
    `UserId` char(36) COLLATE ascii_general_ci NOT NULL,
    `ExpiresAt` bigint NOT NULL,
    `UsedAt` bigint NULL,
    `RevokedAt` bigint NULL,
    CONSTRAINT `PK_RefreshTokens` PRIMARY KEY (`Hash`),
    CONSTRAINT `FK_RefreshTokens_AspNetUsers_UserId` FOREIGN KEY (`UserId`) REFERENCES `AspNetUsers` (`Id`) ON DELETE CASCADE
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

INSERT INTO `AspNetRoles` (`Id`, `ConcurrencyStamp`, `Name`, `NormalizedName`)
VALUES ('0197a000-0000-7000-8000-000000000001', '0197a000-0000-7000-8000-000000000001', 'customer', 'CUSTOMER'),
('0197a000-0000-7000-8000-000000000002', '0197a000-0000-7000-8000-000000000002', 'clerk', 'CLERK'),
('0197a000-0000-7000-8000-000000000003', '0197a000-0000-7000-8000-000000000003', 'admin', 'ADMIN');

CREATE UNIQUE INDEX `RoleNameIndex` ON `AspNetRoles` (`NormalizedName`);

CREATE INDEX `IX_AspNetUserRoles_RoleId` ON `AspNetUserRoles` (`RoleId`);

CREATE UNIQUE INDEX `EmailIndex` ON `AspNetUsers` (`NormalizedEmail`);

CREATE UNIQUE INDEX `UserNameIndex` ON `AspNetUsers` (`NormalizedUserName`);

CREATE INDEX `IX_RefreshTokens_FamilyId` ON `RefreshTokens` (`FamilyId`);

CREATE INDEX `IX_RefreshTokens_UserId` ON `RefreshTokens` (`UserId`);

INSERT INTO `AccountsMigrations` (`MigrationId`, `ProductVersion`)
VALUES ('20261123091552_Initial', '9.0.23');

COMMIT;

