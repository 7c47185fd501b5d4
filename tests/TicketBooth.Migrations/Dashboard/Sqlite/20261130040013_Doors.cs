using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace TicketBooth.Migrations.Dashboard.Sqlite
{
    /// <inheritdoc />
    internal sealed partial class Doors : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "CounterOrders",
                table: "DashboardSales",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "DashboardDoors",
                columns: table => new
                {
                    EventId = table.Column<Guid>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Came = table.Column<long>(type: "INTEGER", nullable: false),
                    Entries = table.Column<long>(type: "INTEGER", nullable: false),
                    Exits = table.Column<long>(type: "INTEGER", nullable: false),
                    Inside = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DashboardDoors", x => new { x.EventId, x.At });
                });

            migrationBuilder.CreateTable(
                name: "DashboardPassages",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    EventId = table.Column<Guid>(type: "TEXT", nullable: false),
                    TicketId = table.Column<Guid>(type: "TEXT", nullable: false),
                    CodeGeneration = table.Column<int>(type: "INTEGER", nullable: false),
                    Turn = table.Column<int>(type: "INTEGER", nullable: false),
                    IsEntry = table.Column<bool>(type: "INTEGER", nullable: false),
                    ScannedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    IsUndone = table.Column<bool>(type: "INTEGER", nullable: false),
                    Generation = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DashboardPassages", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_DashboardPassages_EventId",
                table: "DashboardPassages",
                column: "EventId");

            migrationBuilder.CreateIndex(
                name: "IX_DashboardPassages_TicketId",
                table: "DashboardPassages",
                column: "TicketId");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "DashboardDoors");

            migrationBuilder.DropTable(
                name: "DashboardPassages");

            migrationBuilder.DropColumn(
                name: "CounterOrders",
                table: "DashboardSales");
        }
    }
}
