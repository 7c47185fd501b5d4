namespace TicketBooth.Testing;

/// <summary>
/// A test that reads today's figures must not run across midnight: what it sold before would be yesterday's. So its host counts days in a zone where it is
/// about noon.
/// </summary>
public static class FarFromMidnight
{
    /// <summary>For the hosts of such tests.</summary>
    public static (string Key, string Value) Setting => ("Dashboard:TimeZone", ZoneAt(TimeProvider.System.GetUtcNow()));

    /// <summary>The names of these zones have the sign of POSIX: Etc/GMT-3 is three hours ahead.</summary>
    internal static string ZoneAt(DateTimeOffset now) =>
        (12 - now.UtcDateTime.Hour) switch
        {
            0 => "Etc/UTC",
            > 0 and var ahead => FormattableString.Invariant($"Etc/GMT-{ahead}"),
            var behind => FormattableString.Invariant($"Etc/GMT+{-behind}"),
        };
}
