START TRANSACTION;
INSERT INTO `AspNetRoles` (`Id`, `ConcurrencyStamp`, `Name`, `NormalizedName`)
VALUES ('0197a000-0000-7000-8000-000000000004', '0197a000-0000-7000-8000-000000000004', 'door', 'DOOR');

INSERT INTO `AccountsMigrations` (`MigrationId`, `ProductVersion`)
VALUES ('20261130001929_Door', '9.0.23');

COMMIT;

