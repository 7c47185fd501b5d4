namespace TicketBooth.BuildingBlocks.Storage.Sqlite;

/// <summary>
/// What every embedded file knows of itself: its installation, its name, and a position that grows as the file is written.
/// </summary>
internal readonly record struct FileMark(string Installation, string Name, long Position)
{
    /// <summary>Null when the file was never part of an installation, or is of a release that wrote no marks.</summary>
    public static FileMark? Read(SqliteSession session) =>
        session.Number("SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = 'ticketbooth_file'") == 0
            ? null
            : session
                .Query("SELECT installation, name, position FROM ticketbooth_file", row => new FileMark(
                    row.GetString(0),
                    row.GetString(1),
                    row.GetInt64(2)
                ))
                .Cast<FileMark?>()
                .FirstOrDefault();

    /// <summary>Makes the file part of the installation, unless it is already. Its position stays.</summary>
    /// <returns>The position.</returns>
    public static long Take(SqliteSession session, string installation, string name)
    {
        var mark = Read(session);
        if (mark?.Installation != installation || mark?.Name != name)
        {
            session.Run(
                "BEGIN IMMEDIATE; CREATE TABLE IF NOT EXISTS ticketbooth_file("
                    + "installation TEXT NOT NULL, name TEXT NOT NULL, position INTEGER NOT NULL)"
            );
            session.Execute("DELETE FROM ticketbooth_file");
            session.Execute(
                "INSERT INTO ticketbooth_file(installation, name, position) VALUES (?1, ?2, ?3)",
                installation,
                name,
                mark?.Position ?? 0
            );
            session.Run("COMMIT");
        }

        return mark?.Position ?? 0;
    }

    /// <summary>A part of the transaction that writes something else.</summary>
    public static void Advance(SqliteSession session) => session.Execute("UPDATE ticketbooth_file SET position = position + 1");
}
