BEGIN TRANSACTION;
ALTER TABLE "DashboardSales" ADD "Disputes" INTEGER NOT NULL DEFAULT 0;

ALTER TABLE "DashboardOrders" ADD "DisputedSince" INTEGER NULL;

ALTER TABLE "DashboardOrders" ADD "Disputes" TEXT NULL;

CREATE INDEX "IX_DashboardOrders_DisputedSince" ON "DashboardOrders" ("DisputedSince") WHERE DisputedSince IS NOT NULL;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261130000249_Disputes', '9.0.23');

COMMIT;

