using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace TicketBooth.Migrations.Dashboard.Sqlite
{
    /// <inheritdoc />
    internal sealed partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "DashboardActs",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    ActId = table.Column<Guid>(type: "TEXT", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    ById = table.Column<Guid>(type: "TEXT", nullable: false),
                    ByName = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false),
                    SubjectId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Request = table.Column<string>(type: "TEXT", nullable: false),
                    Before = table.Column<string>(type: "TEXT", nullable: true),
                    After = table.Column<string>(type: "TEXT", nullable: true),
                    Outcome = table.Column<string>(type: "TEXT", maxLength: 100, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DashboardActs", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DashboardEvents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Version = table.Column<long>(type: "INTEGER", nullable: false),
                    IsCanceled = table.Column<bool>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Venue = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    StartsAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SaleOpensAt = table.Column<long>(type: "INTEGER", nullable: false),
                    SaleClosesAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    Capacity = table.Column<int>(type: "INTEGER", nullable: false),
                    Tiers = table.Column<string>(type: "TEXT", nullable: false),
                    Released = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DashboardEvents", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DashboardOrders",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    EventId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BuyerId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false),
                    Status = table.Column<int>(type: "INTEGER", nullable: false),
                    Tickets = table.Column<string>(type: "TEXT", nullable: false),
                    Total = table.Column<long>(type: "INTEGER", nullable: false),
                    PlacedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    IsPlacedAtKnown = table.Column<bool>(type: "INTEGER", nullable: false),
                    PaidAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    PaymentId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Generation = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DashboardOrders", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DashboardPayments",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    OrderId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Status = table.Column<int>(type: "INTEGER", nullable: false),
                    Method = table.Column<int>(type: "INTEGER", nullable: true),
                    Amount = table.Column<long>(type: "INTEGER", nullable: false),
                    Currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    StartedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    ChangedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    DeclineReason = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    RefundReason = table.Column<string>(type: "TEXT", maxLength: 100, nullable: true),
                    AwaitingSince = table.Column<long>(type: "INTEGER", nullable: true),
                    OwedSince = table.Column<long>(type: "INTEGER", nullable: true),
                    Generation = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DashboardPayments", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DashboardRuns",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Kind = table.Column<int>(type: "INTEGER", nullable: false),
                    StartedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    SeenAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Done = table.Column<long>(type: "INTEGER", nullable: false),
                    Differences = table.Column<long>(type: "INTEGER", nullable: false),
                    Report = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DashboardRuns", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "DashboardSales",
                columns: table => new
                {
                    EventId = table.Column<Guid>(type: "TEXT", nullable: false),
                    TierId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Span = table.Column<int>(type: "INTEGER", nullable: false),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    Lapsed = table.Column<long>(type: "INTEGER", nullable: false),
                    OrdersLapsed = table.Column<long>(type: "INTEGER", nullable: false),
                    OrdersPaid = table.Column<long>(type: "INTEGER", nullable: false),
                    OrdersPlaced = table.Column<long>(type: "INTEGER", nullable: false),
                    OrdersRefunded = table.Column<long>(type: "INTEGER", nullable: false),
                    Refunded = table.Column<long>(type: "INTEGER", nullable: false),
                    Returned = table.Column<long>(type: "INTEGER", nullable: false),
                    Revenue = table.Column<long>(type: "INTEGER", nullable: false),
                    Sold = table.Column<long>(type: "INTEGER", nullable: false),
                    Taken = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DashboardSales", x => new { x.EventId, x.TierId, x.Span, x.At });
                });

            migrationBuilder.CreateTable(
                name: "DashboardState",
                columns: table => new
                {
                    Name = table.Column<string>(type: "TEXT", maxLength: 32, nullable: false),
                    Value = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DashboardState", x => x.Name);
                });

            migrationBuilder.InsertData(
                table: "DashboardState",
                columns: new[] { "Name", "Value" },
                values: new object[,]
                {
                    { "generation", 0L },
                    { "version", 0L }
                });

            migrationBuilder.CreateIndex(
                name: "IX_DashboardActs_ActId",
                table: "DashboardActs",
                column: "ActId");

            migrationBuilder.CreateIndex(
                name: "IX_DashboardActs_At_Id",
                table: "DashboardActs",
                columns: new[] { "At", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_DashboardActs_SubjectId_At_Id",
                table: "DashboardActs",
                columns: new[] { "SubjectId", "At", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_DashboardEvents_StartsAt",
                table: "DashboardEvents",
                column: "StartsAt");

            migrationBuilder.CreateIndex(
                name: "IX_DashboardOrders_BuyerId_PlacedAt_Id",
                table: "DashboardOrders",
                columns: new[] { "BuyerId", "PlacedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_DashboardOrders_EventId_PlacedAt_Id",
                table: "DashboardOrders",
                columns: new[] { "EventId", "PlacedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_DashboardOrders_PlacedAt_Id",
                table: "DashboardOrders",
                columns: new[] { "PlacedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_DashboardOrders_Status_PlacedAt_Id",
                table: "DashboardOrders",
                columns: new[] { "Status", "PlacedAt", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_DashboardPayments_AwaitingSince",
                table: "DashboardPayments",
                column: "AwaitingSince");

            migrationBuilder.CreateIndex(
                name: "IX_DashboardPayments_OrderId",
                table: "DashboardPayments",
                column: "OrderId");

            migrationBuilder.CreateIndex(
                name: "IX_DashboardPayments_OwedSince",
                table: "DashboardPayments",
                column: "OwedSince");

            migrationBuilder.CreateIndex(
                name: "IX_DashboardRuns_Kind_StartedAt",
                table: "DashboardRuns",
                columns: new[] { "Kind", "StartedAt" });

            migrationBuilder.CreateIndex(
                name: "IX_DashboardSales_Span_At",
                table: "DashboardSales",
                columns: new[] { "Span", "At" });

            // The log of acts is only ever added to. MySQL has no such triggers: to make them there takes rights that a service should not have.
            foreach (var change in new[] { "UPDATE", "DELETE" })
            {
                migrationBuilder.Sql($"CREATE TRIGGER DashboardActs_no_{change.ToLowerInvariant()} BEFORE {change} ON DashboardActs BEGIN SELECT RAISE(ABORT, 'The log of acts is append-only'); END;");
            }
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "DashboardActs");

            migrationBuilder.DropTable(
                name: "DashboardEvents");

            migrationBuilder.DropTable(
                name: "DashboardOrders");

            migrationBuilder.DropTable(
                name: "DashboardPayments");

            migrationBuilder.DropTable(
                name: "DashboardRuns");

            migrationBuilder.DropTable(
                name: "DashboardSales");

            migrationBuilder.DropTable(
                name: "DashboardState");
        }
    }
}
