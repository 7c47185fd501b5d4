BEGIN TRANSACTION;
INSERT INTO "AspNetRoles" ("Id", "ConcurrencyStamp", "Name", "NormalizedName")
VALUES ('0197A000-0000-7000-8000-000000000004', '0197a000-0000-7000-8000-000000000004', 'door', 'DOOR');
SELECT changes();


INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261130001909_Door', '9.0.23');

COMMIT;

