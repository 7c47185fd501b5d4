using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace TicketBooth.Migrations.Notifications.Sqlite
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
                    Number = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    UniqueKey = table.Column<string>(type: "TEXT", maxLength: 160, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    EventId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Data = table.Column<string>(type: "TEXT", nullable: true),
                    At = table.Column<long>(type: "INTEGER", nullable: false),
                    QueuedUpTo = table.Column<Guid>(type: "TEXT", nullable: true),
                    IsQueued = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NotificationsBulks", x => x.Number);
                });

            migrationBuilder.CreateTable(
                name: "NotificationsEvents",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Version = table.Column<long>(type: "INTEGER", nullable: false),
                    Name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Venue = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    StartsAt = table.Column<long>(type: "INTEGER", nullable: false),
                    CanceledAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NotificationsEvents", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "NotificationsMails",
                columns: table => new
                {
                    Number = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    UniqueKey = table.Column<string>(type: "TEXT", maxLength: 160, nullable: false),
                    Kind = table.Column<string>(type: "TEXT", maxLength: 40, nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    IsBulk = table.Column<bool>(type: "INTEGER", nullable: false),
                    AccountId = table.Column<Guid>(type: "TEXT", nullable: true),
                    Name = table.Column<string>(type: "TEXT", maxLength: 200, nullable: true),
                    Email = table.Column<string>(type: "TEXT", maxLength: 254, nullable: true),
                    Language = table.Column<string>(type: "TEXT", maxLength: 10, nullable: true),
                    OrderId = table.Column<Guid>(type: "TEXT", nullable: true),
                    EventId = table.Column<Guid>(type: "TEXT", nullable: true),
                    BulkNumber = table.Column<long>(type: "INTEGER", nullable: true),
                    Data = table.Column<string>(type: "TEXT", nullable: true),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    NextTryAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Tries = table.Column<int>(type: "INTEGER", nullable: false),
                    Claim = table.Column<Guid>(type: "TEXT", nullable: true),
                    Failure = table.Column<string>(type: "TEXT", maxLength: 500, nullable: true),
                    DoneAt = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NotificationsMails", x => x.Number);
                });

            migrationBuilder.CreateTable(
                name: "NotificationsOrders",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "TEXT", nullable: false),
                    Revision = table.Column<int>(type: "INTEGER", nullable: false),
                    State = table.Column<int>(type: "INTEGER", nullable: false),
                    EventId = table.Column<Guid>(type: "TEXT", nullable: false),
                    BuyerId = table.Column<Guid>(type: "TEXT", nullable: false),
                    Tickets = table.Column<string>(type: "TEXT", nullable: false),
                    Total = table.Column<long>(type: "INTEGER", nullable: false),
                    Currency = table.Column<string>(type: "TEXT", maxLength: 3, nullable: false),
                    Language = table.Column<string>(type: "TEXT", maxLength: 10, nullable: true),
                    PlacedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    ExpiresAt = table.Column<long>(type: "INTEGER", nullable: false),
                    PaidAt = table.Column<long>(type: "INTEGER", nullable: true),
                    EndedAt = table.Column<long>(type: "INTEGER", nullable: true),
                    PaymentId = table.Column<Guid>(type: "TEXT", nullable: true),
                    IsByPix = table.Column<bool>(type: "INTEGER", nullable: false),
                    PaymentAt = table.Column<long>(type: "INTEGER", nullable: true),
                    IsPaying = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_NotificationsOrders", x => x.Id);
                });

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
