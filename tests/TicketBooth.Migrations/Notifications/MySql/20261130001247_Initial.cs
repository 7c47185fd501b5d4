using System;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace TicketBooth.Migrations.Notifications.MySql
{
    /// <inheritdoc />
    internal sealed partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "NotificationsBulks",
                columns: table => new
                {
                    Number = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("MySql:ValueGenerationStrategy", MySqlValueGenerationStrategy.IdentityColumn),
                    UniqueKey = table.Column<string>(type: "varchar(160)", maxLength: 160, nullable: false, collation: "utf8mb4_bin"),
                    Kind = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: false, collation: "utf8mb4_bin"),
                    EventId = table.Column<Guid>(type: "char(36)", nullable: false, collation: "ascii_general_ci"),
                    Data = table.Column<string>(type: "longtext", nullable: true, collation: "utf8mb4_bin"),
                    At = table.Column<long>(type: "bigint", nullable: false),
                    QueuedUpTo = table.Column<Guid>(type: "char(36)", nullable: true, collation: "ascii_general_ci"),
                    IsQueued = table.Column<bool>(type: "tinyint(1)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NotificationsBulks", x => x.Number);
                })
                .Annotation("MySql:CharSet", "utf8mb4")
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "NotificationsEvents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "char(36)", nullable: false, collation: "ascii_general_ci"),
                    Version = table.Column<long>(type: "bigint", nullable: false),
                    Name = table.Column<string>(type: "varchar(200)", maxLength: 200, nullable: false, collation: "utf8mb4_bin"),
                    Venue = table.Column<string>(type: "varchar(200)", maxLength: 200, nullable: false, collation: "utf8mb4_bin"),
                    StartsAt = table.Column<long>(type: "bigint", nullable: false),
                    CanceledAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NotificationsEvents", x => x.Id);
                })
                .Annotation("MySql:CharSet", "utf8mb4")
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "NotificationsMails",
                columns: table => new
                {
                    Number = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("MySql:ValueGenerationStrategy", MySqlValueGenerationStrategy.IdentityColumn),
                    UniqueKey = table.Column<string>(type: "varchar(160)", maxLength: 160, nullable: false, collation: "utf8mb4_bin"),
                    Kind = table.Column<string>(type: "varchar(40)", maxLength: 40, nullable: false, collation: "utf8mb4_bin"),
                    State = table.Column<int>(type: "int", nullable: false),
                    IsBulk = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    AccountId = table.Column<Guid>(type: "char(36)", nullable: true, collation: "ascii_general_ci"),
                    Name = table.Column<string>(type: "varchar(200)", maxLength: 200, nullable: true, collation: "utf8mb4_bin"),
                    Email = table.Column<string>(type: "varchar(254)", maxLength: 254, nullable: true, collation: "utf8mb4_bin"),
                    Language = table.Column<string>(type: "varchar(10)", maxLength: 10, nullable: true, collation: "utf8mb4_bin"),
                    OrderId = table.Column<Guid>(type: "char(36)", nullable: true, collation: "ascii_general_ci"),
                    EventId = table.Column<Guid>(type: "char(36)", nullable: true, collation: "ascii_general_ci"),
                    BulkNumber = table.Column<long>(type: "bigint", nullable: true),
                    Data = table.Column<string>(type: "longtext", nullable: true, collation: "utf8mb4_bin"),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    NextTryAt = table.Column<long>(type: "bigint", nullable: false),
                    Tries = table.Column<int>(type: "int", nullable: false),
                    Claim = table.Column<Guid>(type: "char(36)", nullable: true, collation: "ascii_general_ci"),
                    Failure = table.Column<string>(type: "varchar(500)", maxLength: 500, nullable: true, collation: "utf8mb4_bin"),
                    DoneAt = table.Column<long>(type: "bigint", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NotificationsMails", x => x.Number);
                })
                .Annotation("MySql:CharSet", "utf8mb4")
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateTable(
                name: "NotificationsOrders",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "char(36)", nullable: false, collation: "ascii_general_ci"),
                    Revision = table.Column<int>(type: "int", nullable: false),
                    State = table.Column<int>(type: "int", nullable: false),
                    EventId = table.Column<Guid>(type: "char(36)", nullable: false, collation: "ascii_general_ci"),
                    BuyerId = table.Column<Guid>(type: "char(36)", nullable: false, collation: "ascii_general_ci"),
                    Tickets = table.Column<string>(type: "longtext", nullable: false, collation: "utf8mb4_bin"),
                    Total = table.Column<long>(type: "bigint", nullable: false),
                    Currency = table.Column<string>(type: "varchar(3)", maxLength: 3, nullable: false, collation: "utf8mb4_bin"),
                    Language = table.Column<string>(type: "varchar(10)", maxLength: 10, nullable: true, collation: "utf8mb4_bin"),
                    PlacedAt = table.Column<long>(type: "bigint", nullable: false),
                    ExpiresAt = table.Column<long>(type: "bigint", nullable: false),
                    PaidAt = table.Column<long>(type: "bigint", nullable: true),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    PaymentId = table.Column<Guid>(type: "char(36)", nullable: true, collation: "ascii_general_ci"),
                    IsByPix = table.Column<bool>(type: "tinyint(1)", nullable: false),
                    PaymentAt = table.Column<long>(type: "bigint", nullable: true),
                    IsPaying = table.Column<bool>(type: "tinyint(1)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NotificationsOrders", x => x.Id);
                })
                .Annotation("MySql:CharSet", "utf8mb4")
                .Annotation("Relational:Collation", "utf8mb4_bin");

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsBulks_UniqueKey",
                table: "NotificationsBulks",
                column: "UniqueKey",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsEvents_StartsAt",
                table: "NotificationsEvents",
                column: "StartsAt");

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsMails_BulkNumber_State",
                table: "NotificationsMails",
                columns: new[] { "BulkNumber", "State" });

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsMails_Claim",
                table: "NotificationsMails",
                column: "Claim");

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsMails_DoneAt",
                table: "NotificationsMails",
                column: "DoneAt");

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsMails_Email",
                table: "NotificationsMails",
                column: "Email");

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsMails_OrderId",
                table: "NotificationsMails",
                column: "OrderId");

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsMails_State_IsBulk_NextTryAt",
                table: "NotificationsMails",
                columns: new[] { "State", "IsBulk", "NextTryAt" });

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsMails_UniqueKey",
                table: "NotificationsMails",
                column: "UniqueKey",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsOrders_EndedAt",
                table: "NotificationsOrders",
                column: "EndedAt");

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsOrders_EventId_Id",
                table: "NotificationsOrders",
                columns: new[] { "EventId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsOrders_State_ExpiresAt",
                table: "NotificationsOrders",
                columns: new[] { "State", "ExpiresAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "NotificationsBulks");

            migrationBuilder.DropTable(
                name: "NotificationsEvents");

            migrationBuilder.DropTable(
                name: "NotificationsMails");

            migrationBuilder.DropTable(
                name: "NotificationsOrders");
        }
    }
}
