using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace TicketBooth.Migrations.Dashboard.Sqlite
{
    /// <inheritdoc />
    internal sealed partial class PaymentTimes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "CapturedAt",
                table: "DashboardPayments",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "DeclinedAt",
                table: "DashboardPayments",
                type: "INTEGER",
                nullable: true);

            // What is known of the payments of before: 1 is paid and 2 declined. A rebuild brings the rest.
            migrationBuilder.Sql("UPDATE DashboardPayments SET CapturedAt = ChangedAt WHERE Status = 1;");
            migrationBuilder.Sql("UPDATE DashboardPayments SET DeclinedAt = ChangedAt WHERE Status = 2;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "CapturedAt",
                table: "DashboardPayments");

            migrationBuilder.DropColumn(
                name: "DeclinedAt",
                table: "DashboardPayments");
        }
    }
}
