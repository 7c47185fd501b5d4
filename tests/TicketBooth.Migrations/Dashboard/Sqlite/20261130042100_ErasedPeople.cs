using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace TicketBooth.Migrations.Dashboard.Sqlite
{
    /// <inheritdoc />
    internal sealed partial class ErasedPeople : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // The name and the address of a person who was erased go out of the JSON of the log (ADR 0065). Who did what, and when, stays.
            migrationBuilder.Sql("DROP TRIGGER DashboardActs_no_update;");
            migrationBuilder.Sql("CREATE TRIGGER DashboardActs_no_update BEFORE UPDATE OF Id, ActId, At, ById, ByName, Kind, SubjectId, Outcome ON DashboardActs BEGIN SELECT RAISE(ABORT, 'The log of acts is append-only'); END;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TRIGGER DashboardActs_no_update;");
            migrationBuilder.Sql("CREATE TRIGGER DashboardActs_no_update BEFORE UPDATE ON DashboardActs BEGIN SELECT RAISE(ABORT, 'The log of acts is append-only'); END;");
        }
    }
}
