BEGIN TRANSACTION;
ALTER TABLE "AspNetUsers" ADD "Language" TEXT NULL;

CREATE TABLE "AccountsOutbox" (
    "Sequence" INTEGER NOT NULL CONSTRAINT "PK_AccountsOutbox" PRIMARY KEY,
    "MessageId" TEXT NOT NULL,
    "MessageType" TEXT NOT NULL,
    "MessageKey" TEXT NOT NULL,
    "Body" BLOB NOT NULL,
    "CorrelationId" TEXT NOT NULL,
    "TraceParent" TEXT NULL,
    "At" INTEGER NOT NULL
);

CREATE TABLE "AccountsOutboxCursors" (
    "Destination" TEXT NOT NULL CONSTRAINT "PK_AccountsOutboxCursors" PRIMARY KEY,
    "Sequence" INTEGER NOT NULL
);

CREATE TABLE "KnownDevices" (
    "UserId" TEXT NOT NULL,
    "Hash" BLOB NOT NULL,
    CONSTRAINT "PK_KnownDevices" PRIMARY KEY ("UserId", "Hash"),
    CONSTRAINT "FK_KnownDevices_AspNetUsers_UserId" FOREIGN KEY ("UserId") REFERENCES "AspNetUsers" ("Id") ON DELETE CASCADE
);

CREATE TABLE "MailRequests" (
    "Id" TEXT NOT NULL CONSTRAINT "PK_MailRequests" PRIMARY KEY,
    "NormalizedEmail" TEXT NOT NULL,
    "Language" TEXT NULL
);

CREATE TABLE "MailTokens" (
    "Hash" BLOB NOT NULL CONSTRAINT "PK_MailTokens" PRIMARY KEY,
    "UserId" TEXT NOT NULL,
    "Purpose" TEXT NOT NULL,
    "Email" TEXT NOT NULL,
    "ExpiresAt" INTEGER NOT NULL,
    CONSTRAINT "FK_MailTokens_AspNetUsers_UserId" FOREIGN KEY ("UserId") REFERENCES "AspNetUsers" ("Id") ON DELETE CASCADE
);

INSERT INTO "AccountsOutboxCursors" ("Destination", "Sequence")
VALUES ('', 0);
SELECT changes();


CREATE INDEX "IX_MailTokens_ExpiresAt" ON "MailTokens" ("ExpiresAt");

CREATE INDEX "IX_MailTokens_UserId" ON "MailTokens" ("UserId");

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261129235135_Mails', '9.0.23');

COMMIT;

