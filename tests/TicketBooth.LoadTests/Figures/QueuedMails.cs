using System.Globalization;
using Microsoft.Data.Sqlite;

namespace TicketBooth.LoadTests.Figures;

/// <summary>The queue of mails in the embedded file.</summary>
internal static class QueuedMails
{
    /// <summary>How many mails of bulks there are: one event, many orders.</summary>
    public static long OfBulks(string folder)
    {
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = Path.Combine(folder, "notifications.db"),
                Mode = SqliteOpenMode.ReadOnly,
                Pooling = false,
            }.ToString()
        );
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM NotificationsMails WHERE BulkNumber IS NOT NULL";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
