using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace TicketBooth.Migrations.Dashboard.MySql
{
    /// <inheritdoc />
    public partial class CounterSales : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "Complimentary",
                table: "DashboardSales",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "CounterRevenue",
                table: "DashboardSales",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "CounterSold",
                table: "DashboardSales",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<int>(
                name: "SoldBy",
                table: "DashboardOrders",
                type: "int",
                nullable: false,
                defaultValue: 0);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "Complimentary",
                table: "DashboardSales");

            migrationBuilder.DropColumn(
                name: "CounterRevenue",
                table: "DashboardSales");

            migrationBuilder.DropColumn(
                name: "CounterSold",
                table: "DashboardSales");

            migrationBuilder.DropColumn(
                name: "SoldBy",
                table: "DashboardOrders");
        }
    }
}
