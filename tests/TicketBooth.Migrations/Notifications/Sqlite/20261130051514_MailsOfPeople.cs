using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace TicketBooth.Migrations.Notifications.Sqlite
{
    /// <inheritdoc />
    internal sealed partial class MailsOfPeople : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_NotificationsMails_AccountId",
                table: "NotificationsMails",
                column: "AccountId",
                filter: "AccountId IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_NotificationsMails_AccountId",
                table: "NotificationsMails");
        }
    }
}
