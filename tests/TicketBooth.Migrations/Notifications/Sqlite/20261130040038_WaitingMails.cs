using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace TicketBooth.Migrations.Notifications.Sqlite
{
    /// <inheritdoc />
    internal sealed partial class WaitingMails : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_NotificationsOrders_EndedAt",
                table: "NotificationsOrders");

            migrationBuilder.DropIndex(
                name: "IX_NotificationsOrders_State_ExpiresAt",
                table: "NotificationsOrders");

            migrationBuilder.DropIndex(
                name: "IX_NotificationsMails_BulkNumber_State",
                table: "NotificationsMails");

            migrationBuilder.DropIndex(
                name: "IX_NotificationsMails_Claim",
                table: "NotificationsMails");

            migrationBuilder.DropIndex(
                name: "IX_NotificationsMails_DoneAt",
                table: "NotificationsMails");

            migrationBuilder.DropIndex(
                name: "IX_NotificationsMails_Email",
                table: "NotificationsMails");

            migrationBuilder.AddColumn<int>(
                name: "NextMail",
                table: "NotificationsOrders",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<long>(
                name: "NextMailAt",
                table: "NotificationsOrders",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsOrders_EndedAt",
                table: "NotificationsOrders",
                column: "EndedAt",
                filter: "EndedAt IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsOrders_NextMailAt",
                table: "NotificationsOrders",
                column: "NextMailAt",
                filter: "NextMailAt IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsMails_BulkNumber_State",
                table: "NotificationsMails",
                columns: new[] { "BulkNumber", "State" },
                filter: "BulkNumber IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsMails_Claim",
                table: "NotificationsMails",
                column: "Claim",
                filter: "Claim IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsMails_DoneAt",
                table: "NotificationsMails",
                column: "DoneAt",
                filter: "DoneAt IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsMails_Email",
                table: "NotificationsMails",
                column: "Email",
                filter: "Email IS NOT NULL");

            // Orders on payment have a mail in the queue already: the next one is the reminder, and the worker computes its time.
            migrationBuilder.Sql("UPDATE NotificationsOrders SET NextMail = 2, NextMailAt = PlacedAt WHERE State = 1;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_NotificationsOrders_EndedAt",
                table: "NotificationsOrders");

            migrationBuilder.DropIndex(
                name: "IX_NotificationsOrders_NextMailAt",
                table: "NotificationsOrders");

            migrationBuilder.DropIndex(
                name: "IX_NotificationsMails_BulkNumber_State",
                table: "NotificationsMails");

            migrationBuilder.DropIndex(
                name: "IX_NotificationsMails_Claim",
                table: "NotificationsMails");

            migrationBuilder.DropIndex(
                name: "IX_NotificationsMails_DoneAt",
                table: "NotificationsMails");

            migrationBuilder.DropIndex(
                name: "IX_NotificationsMails_Email",
                table: "NotificationsMails");

            migrationBuilder.DropColumn(
                name: "NextMail",
                table: "NotificationsOrders");

            migrationBuilder.DropColumn(
                name: "NextMailAt",
                table: "NotificationsOrders");

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsOrders_EndedAt",
                table: "NotificationsOrders",
                column: "EndedAt");

            migrationBuilder.CreateIndex(
                name: "IX_NotificationsOrders_State_ExpiresAt",
                table: "NotificationsOrders",
                columns: new[] { "State", "ExpiresAt" });

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
        }
    }
}
