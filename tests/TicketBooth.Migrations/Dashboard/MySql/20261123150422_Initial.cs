using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

#pragma warning disable CA1814 // Prefer jagged arrays over multidimensional

namespace TicketBooth.Migrations.Dashboard.MySql
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
                    Id = table.Column<Guid>(type: "char(36)", nullable: false, collation: "ascii_general_ci"),
                    ActId = table.Column<Guid>(type: "char(36)", nullable: false, collation: "ascii_general_ci"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    ById = table.Column<Guid>(type: "char(36)", nullable: false, collation: "ascii_general_ci"),
                    ByName = table.Column<string>(type: "varchar(200)", maxLength: 200, nullable: false, collation: "utf8mb4_bin"),
                    Kind = table.Column<string>(type: "varchar(100)", maxLength: 100, nullable: false, collation: "utf8mb4_bin"),
                    SubjectId = table.Column<Guid>(type: "char(36)", nullable: true, collation: "ascii_general_ci"),
                    Request = table.Column<string>(type: "longtext", nullable: false, collation: "utf8mb4_bin"),
                    Before = table.Column<string>(type: "longtext", nullable: true, collation: "utf8mb4_bin"),
                    After = table.Column<string>(type: "longtext", nullable: true, collation: "utf8mb4_bin"),
                    Outcome = table.Column<string>(type: "varchar(100)", maxLength: 100, nullable: false, collation: "utf8mb4_bin")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DashboardActs", x => x.Id);
                })
                .Annotation("MySql:CharSet", "utf8mb4")
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "DashboardEvents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "char(36)", nullable: false, collation: "ascii_general_ci"),
                    Version = table.Column<long>(type: "bigint", nullable: false),
                    IsCanceled = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    Name = table.Column<string>(type: "varchar(200)", maxLength: 200, nullable: false, collation: "utf8mb4_bin"),
                    Venue = table.Column<string>(type: "varchar(200)", maxLength: 200, nullable: false, collation: "utf8mb4_bin"),
                    StartsAt = table.Column<long>(type: "bigint", nullable: false),
                    SaleOpensAt = table.Column<long>(type: "bigint", nullable: false),
                    SaleClosesAt = table.Column<long>(type: "bigint", nullable: false),
                    Currency = table.Column<string>(type: "varchar(3)", maxLength: 3, nullable: false, collation: "utf8mb4_bin"),
                    Capacity = table.Column<int>(type: "int", nullable: false),
                    Tiers = table.Column<string>(type: "longtext", nullable: false, collation: "utf8mb4_bin"),
                    Released = table.Column<int>(type: "int", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DashboardEvents", x => x.Id);
                })
                .Annotation("MySql:CharSet", "utf8mb4")
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "DashboardOrders",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "char(36)", nullable: false, collation: "ascii_general_ci"),
                    EventId = table.Column<Guid>(type: "char(36)", nullable: false, collation: "ascii_general_ci"),
                    BuyerId = table.Column<Guid>(type: "char(36)", nullable: false, collation: "ascii_general_ci"),
                    Revision = table.Column<int>(type: "int", nullable: false),
                    Status = table.Column<int>(type: "int", nullable: false),
                    Tickets = table.Column<string>(type: "longtext", nullable: false, collation: "utf8mb4_bin"),
                    Total = table.Column<long>(type: "bigint", nullable: false),
                    PlacedAt = table.Column<long>(type: "bigint", nullable: false),
                    IsPlacedAtKnown = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    PaidAt = table.Column<long>(type: "bigint", nullable: true),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    PaymentId = table.Column<Guid>(type: "char(36)", nullable: true, collation: "ascii_general_ci"),
                    Generation = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DashboardOrders", x => x.Id);
                })
                .Annotation("MySql:CharSet", "utf8mb4")
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "DashboardPayments",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "char(36)", nullable: false, collation: "ascii_general_ci"),
                    OrderId = table.Column<Guid>(type: "char(36)", nullable: false, collation: "ascii_general_ci"),
                    Status = table.Column<int>(type: "int", nullable: false),
                    Method = table.Column<int>(type: "int", nullable: true),
                    Amount = table.Column<long>(type: "bigint", nullable: false),
                    Currency = table.Column<string>(type: "varchar(3)", maxLength: 3, nullable: false, collation: "utf8mb4_bin"),
                    StartedAt = table.Column<long>(type: "bigint", nullable: true),
                    ChangedAt = table.Column<long>(type: "bigint", nullable: true),
                    DeclineReason = table.Column<string>(type: "varchar(100)", maxLength: 100, nullable: true, collation: "utf8mb4_bin"),
                    RefundReason = table.Column<string>(type: "varchar(100)", maxLength: 100, nullable: true, collation: "utf8mb4_bin"),
                    AwaitingSince = table.Column<long>(type: "bigint", nullable: true),
                    OwedSince = table.Column<long>(type: "bigint", nullable: true),
                    Generation = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DashboardPayments", x => x.Id);
                })
                .Annotation("MySql:CharSet", "utf8mb4")
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "DashboardRuns",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "char(36)", nullable: false, collation: "ascii_general_ci"),
                    Kind = table.Column<int>(type: "int", nullable: false),
                    StartedAt = table.Column<long>(type: "bigint", nullable: false),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    SeenAt = table.Column<long>(type: "bigint", nullable: false),
                    Done = table.Column<long>(type: "bigint", nullable: false),
                    Differences = table.Column<long>(type: "bigint", nullable: false),
                    Report = table.Column<string>(type: "longtext", nullable: false, collation: "utf8mb4_bin")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DashboardRuns", x => x.Id);
                })
                .Annotation("MySql:CharSet", "utf8mb4")
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "DashboardSales",
                columns: table => new
                {
                    EventId = table.Column<Guid>(type: "char(36)", nullable: false, collation: "ascii_general_ci"),
                    TierId = table.Column<Guid>(type: "char(36)", nullable: false, collation: "ascii_general_ci"),
                    Span = table.Column<int>(type: "int", nullable: false),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    Lapsed = table.Column<long>(type: "bigint", nullable: false),
                    OrdersLapsed = table.Column<long>(type: "bigint", nullable: false),
                    OrdersPaid = table.Column<long>(type: "bigint", nullable: false),
                    OrdersPlaced = table.Column<long>(type: "bigint", nullable: false),
                    OrdersRefunded = table.Column<long>(type: "bigint", nullable: false),
                    Refunded = table.Column<long>(type: "bigint", nullable: false),
                    Returned = table.Column<long>(type: "bigint", nullable: false),
                    Revenue = table.Column<long>(type: "bigint", nullable: false),
                    Sold = table.Column<long>(type: "bigint", nullable: false),
                    Taken = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DashboardSales", x => new { x.EventId, x.TierId, x.Span, x.At });
                })
                .Annotation("MySql:CharSet", "utf8mb4")
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "DashboardState",
                columns: table => new
                {
                    Name = table.Column<string>(type: "varchar(32)", maxLength: 32, nullable: false, collation: "utf8mb4_bin"),
                    Value = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_DashboardState", x => x.Name);
                })
                .Annotation("MySql:CharSet", "utf8mb4")
                .Annotation("Relational:Collation", "utf8mb4_bin");

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
