BEGIN TRANSACTION;
ALTER TABLE "AspNetUsers" ADD "SearchName" TEXT NOT NULL DEFAULT '';

UPDATE AspNetUsers SET SearchName = UPPER(Name);

CREATE TABLE "CookieKeys" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_CookieKeys" PRIMARY KEY,
    "Xml" TEXT NOT NULL
);

CREATE INDEX "IX_AspNetUsers_SearchName" ON "AspNetUsers" ("SearchName");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261123145300_BackOffice', '9.0.23');

COMMIT;

