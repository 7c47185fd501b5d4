START TRANSACTION;
ALTER TABLE `AspNetUsers` ADD `SearchName` varchar(200) COLLATE utf8mb4_bin NOT NULL DEFAULT '';

UPDATE AspNetUsers SET SearchName = UPPER(Name);

CREATE TABLE `CookieKeys` (
    `Id` varchar(64) COLLATE utf8mb4_bin NOT NULL,
    `Xml` longtext COLLATE utf8mb4_bin NOT NULL,
    CONSTRAINT `PK_CookieKeys` PRIMARY KEY (`Id`)
) CHARACTER SET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE INDEX `IX_AspNetUsers_SearchName` ON `AspNetUsers` (`SearchName`);

INSERT INTO `AccountsMigrations` (`MigrationId`, `ProductVersion`)
VALUES ('20261123145303_BackOffice', '9.0.23');

COMMIT;

