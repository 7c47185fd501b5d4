PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE IF NOT EXISTS "__EFMigrationsHistory" (
    "MigrationId" TEXT NOT NULL CONSTRAINT "PK___EFMigrationsHistory" PRIMARY KEY,
    "ProductVersion" TEXT NOT NULL
);
INSERT INTO __EFMigrationsHistory VALUES('20261123053340_Initial','9.0.23');
INSERT INTO __EFMigrationsHistory VALUES('20261123145300_BackOffice','9.0.23');
CREATE TABLE IF NOT EXISTS "AspNetRoles" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_AspNetRoles" PRIMARY KEY,
    "Name" TEXT NULL,
    "NormalizedName" TEXT NULL,
    "ConcurrencyStamp" TEXT NULL
);
INSERT INTO AspNetRoles VALUES('0197A000-0000-7000-8000-000000000001','customer','CUSTOMER','0197a000-0000-7000-8000-000000000001');
INSERT INTO AspNetRoles VALUES('0197A000-0000-7000-8000-000000000002','clerk','CLERK','0197a000-0000-7000-8000-000000000002');
INSERT INTO AspNetRoles VALUES('0197A000-0000-7000-8000-000000000003','admin','ADMIN','0197a000-0000-7000-8000-000000000003');
CREATE TABLE IF NOT EXISTS "AspNetUsers" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_AspNetUsers" PRIMARY KEY,
    "Name" TEXT NOT NULL,
    "UserName" TEXT NULL,
    "NormalizedUserName" TEXT NULL,
    "Email" TEXT NULL,
    "NormalizedEmail" TEXT NULL,
    "EmailConfirmed" INTEGER NOT NULL,
    "PasswordHash" TEXT NULL,
    "SecurityStamp" TEXT NULL,
    "ConcurrencyStamp" TEXT NULL,
    "PhoneNumber" TEXT NULL,
    "PhoneNumberConfirmed" INTEGER NOT NULL,
    "TwoFactorEnabled" INTEGER NOT NULL,
    "LockoutEnd" INTEGER NULL,
    "LockoutEnabled" INTEGER NOT NULL,
    "AccessFailedCount" INTEGER NOT NULL
, "SearchName" TEXT NOT NULL DEFAULT '');
INSERT INTO AspNetUsers VALUES('01A229DB-9A61-701D-A40E-D7D5749EA7FA','Administrator','admin@casino.example','ADMIN@CASINO.EXAMPLE','admin@casino.example','ADMIN@CASINO.EXAMPLE',0,'AQAAAAIAACcQAAAAECxxeiD0AD89q2sEgkbt/DwNOBW7c26YOqwjudaLyxfMsYxthWd9DNU0JZhsUo9/fw==','F4062B396654280E3CF0F418591812C7F9C1B2BD','ab62155a-be2b-4a65-b5a7-785267276caf',NULL,0,0,NULL,1,0,'ADMINISTRATOR');
INSERT INTO AspNetUsers VALUES('01A229DB-AF79-7821-916F-2E5FD1545C44','Ana','ana@example.com','ANA@EXAMPLE.COM','ana@example.com','ANA@EXAMPLE.COM',0,'AQAAAAIAACcQAAAAEI231sd9yI8uMtJwfW/Ttz6h1HO4OnnDJCD+eaNw9Ea3sSqr/SjjYy7k/ckoWad0CA==','802942A308937C8E5D2FCEE92C5D424286581C8D','1d8e39f9-7c00-4dba-86b7-eef26868e81a',NULL,0,0,NULL,1,0,'ANA');
CREATE TABLE IF NOT EXISTS "SigningKeys" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_SigningKeys" PRIMARY KEY,
    "PrivateKey" BLOB NOT NULL,
    "CreatedAt" INTEGER NOT NULL
);
INSERT INTO SigningKeys VALUES('dol_bua-8pid8tObl-hV2EryTQlXDwqy-wXwZsoYbTc',X'308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b02010104206d439794e1cd3d1bff90042aa1fc365e2d4d0a91ac53a7a56d4c62c5ace846ada144034200045269eb06fd3618ebd01e04be9dfcf7cdb4638f5b0238bf79442c93044f2d37c4a7b1d9ed80cba6bbd927ec61dc7354897c0024ae2c26f26c01bca2b505967767',639315953872395936);
CREATE TABLE IF NOT EXISTS "AspNetUserRoles" (
    "UserId" TEXT NOT NULL,
    "RoleId" TEXT NOT NULL,
    CONSTRAINT "PK_AspNetUserRoles" PRIMARY KEY ("UserId", "RoleId"),
    CONSTRAINT "FK_AspNetUserRoles_AspNetRoles_RoleId" FOREIGN KEY ("RoleId") REFERENCES "AspNetRoles" ("Id") ON DELETE CASCADE,
    CONSTRAINT "FK_AspNetUserRoles_AspNetUsers_UserId" FOREIGN KEY ("UserId") REFERENCES "AspNetUsers" ("Id") ON DELETE CASCADE
);
INSERT INTO AspNetUserRoles VALUES('01A229DB-9A61-701D-A40E-D7D5749EA7FA','0197A000-0000-7000-8000-000000000003');
INSERT INTO AspNetUserRoles VALUES('01A229DB-AF79-7821-916F-2E5FD1545C44','0197A000-0000-7000-8000-000000000001');
CREATE TABLE IF NOT EXISTS "AspNetUserTokens" (
    "UserId" TEXT NOT NULL,
    "LoginProvider" TEXT NOT NULL,
    "Name" TEXT NOT NULL,
    "Value" TEXT NULL,
    CONSTRAINT "PK_AspNetUserTokens" PRIMARY KEY ("UserId", "LoginProvider", "Name"),
    CONSTRAINT "FK_AspNetUserTokens_AspNetUsers_UserId" FOREIGN KEY ("UserId") REFERENCES "AspNetUsers" ("Id") ON DELETE CASCADE
);
CREATE TABLE IF NOT EXISTS "RefreshTokens" (
    "Hash" BLOB NOT NULL CONSTRAINT "PK_RefreshTokens" PRIMARY KEY,
    "FamilyId" TEXT NOT NULL,
    "UserId" TEXT NOT NULL,
    "ExpiresAt" INTEGER NOT NULL,
    "UsedAt" INTEGER NULL,
    "RevokedAt" INTEGER NULL,
    CONSTRAINT "FK_RefreshTokens_AspNetUsers_UserId" FOREIGN KEY ("UserId") REFERENCES "AspNetUsers" ("Id") ON DELETE CASCADE
);
INSERT INTO RefreshTokens VALUES(X'4bcf68a54058a852ea67e6e28613ef8e488e3e874d47569f5917e07f704a34b8','01A229DB-A9F0-7CF7-867F-E80F579B3087','01A229DB-9A61-701D-A40E-D7D5749EA7FA',639341873914725325,NULL,NULL);
INSERT INTO RefreshTokens VALUES(X'bbb4b45e39d05cb1c46f58d1b875c73f89955dfab31f0d2caef1b7e8b5bf8ee9','01A229DB-B04E-784E-A4D8-D61863FAFB57','01A229DB-AF79-7821-916F-2E5FD1545C44',639341873931029465,NULL,NULL);
CREATE TABLE IF NOT EXISTS "CookieKeys" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_CookieKeys" PRIMARY KEY,
    "Xml" TEXT NOT NULL
);
INSERT INTO CookieKeys VALUES('key-53311a6d-442f-427d-8323-403e7ace21a3','<key id="53311a6d-442f-427d-8323-403e7ace21a3" version="1"><creationDate>2026-11-30T00:29:47.4126971Z</creationDate><activationDate>2026-11-30T00:29:47.4126971Z</activationDate><expirationDate>2027-02-28T00:29:47.4126971Z</expirationDate><descriptor deserializerType="Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel.AuthenticatedEncryptorDescriptorDeserializer, Microsoft.AspNetCore.DataProtection, Version=10.0.0.0, Culture=neutral, PublicKeyToken=adb9793829ddae60"><descriptor><encryption algorithm="AES_256_CBC" /><validation algorithm="HMACSHA256" /><masterKey p4:requiresEncryption="true" xmlns:p4="http://schemas.asp.net/2015/03/dataProtection"><!-- Warning: the key below is in an unencrypted form. --><value>OSohv9IgK0vak2KFbdE88kQB3s/MfiBf7zjbIAaw8Y1kusPW5umrjfVb7R7U1qG/UBzoCeBMBEPllK38YBzuLw==</value></masterKey></descriptor></descriptor></key>');
CREATE UNIQUE INDEX "RoleNameIndex" ON "AspNetRoles" ("NormalizedName");
CREATE INDEX "IX_AspNetUserRoles_RoleId" ON "AspNetUserRoles" ("RoleId");
CREATE UNIQUE INDEX "EmailIndex" ON "AspNetUsers" ("NormalizedEmail");
CREATE UNIQUE INDEX "UserNameIndex" ON "AspNetUsers" ("NormalizedUserName");
CREATE INDEX "IX_RefreshTokens_FamilyId" ON "RefreshTokens" ("FamilyId");
CREATE INDEX "IX_RefreshTokens_UserId" ON "RefreshTokens" ("UserId");
CREATE INDEX "IX_AspNetUsers_SearchName" ON "AspNetUsers" ("SearchName");
COMMIT;
PRAGMA user_version = 0;
