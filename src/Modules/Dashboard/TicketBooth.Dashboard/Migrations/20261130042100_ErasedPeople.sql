BEGIN TRANSACTION;
DROP TRIGGER DashboardActs_no_update;

CREATE TRIGGER DashboardActs_no_update BEFORE UPDATE OF Id, ActId, At, ById, ByName, Kind, SubjectId, Outcome ON DashboardActs BEGIN SELECT RAISE(ABORT, 'The log of acts is append-only'); END;

INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion")
VALUES ('20261130042100_ErasedPeople', '9.0.23');

COMMIT;

