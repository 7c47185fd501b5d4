using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace TicketBooth.Migrations.Dashboard.Sqlite
{
    /// <inheritdoc />
    internal sealed partial class Disputes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "Disputes",
                table: "DashboardSales",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "DisputedSince",
                table: "DashboardOrders",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Disputes",
                table: "DashboardOrders",
                type: "TEXT",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_DashboardOrders_DisputedSince",
                table: "DashboardOrders",
                column: "DisputedSince",
                filter: "DisputedSince IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_DashboardOrders_DisputedSince",
                table: "DashboardOrders");

            migrationBuilder.DropColumn(
                name: "Disputes",
                table: "DashboardSales");

            migrationBuilder.DropColumn(
                name: "DisputedSince",
                table: "DashboardOrders");

            migrationBuilder.DropColumn(
                name: "Disputes",
                table: "DashboardOrders");
        }
    }
}
