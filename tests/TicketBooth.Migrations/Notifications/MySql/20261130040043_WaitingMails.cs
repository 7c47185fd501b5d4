using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace TicketBooth.Migrations.Notifications.MySql
{
    /// <inheritdoc />
    internal sealed partial class WaitingMails : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_NotificationsOrders_State_ExpiresAt",
                table: "NotificationsOrders");

            migrationBuilder.AddColumn<int>(
                name: "NextMail",
                table: "NotificationsOrders",
                type: "int",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "NextMailAt",
                table: "NotificationsOrders",
                type: "bigint",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsOrders_NextMailAt",
                table: "NotificationsOrders",
                column: "NextMailAt");

            // Orders on payment have a mail in the queue already: the next one is the reminder, and the worker computes its time.
            migrationBuilder.Sql("UPDATE NotificationsOrders SET NextMail = 2, NextMailAt = PlacedAt WHERE State = 1;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_NotificationsOrders_NextMailAt",
                table: "NotificationsOrders");

            migrationBuilder.DropColumn(
                name: "NextMail",
                table: "NotificationsOrders");

            migrationBuilder.DropColumn(
                name: "NextMailAt",
                table: "NotificationsOrders");

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsOrders_State_ExpiresAt",
                table: "NotificationsOrders",
                columns: new[] { "State", "ExpiresAt" });
        }
    }
}
