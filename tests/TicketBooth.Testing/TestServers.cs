namespace TicketBooth.Testing;

/// <summary>The servers of the distributed profile that tests use, by the settings that <c>tests/servers start</c> prints.</summary>
public static class TestServers
{
    public static string MySql => Setting("MySql");

    public static string Redis => Setting("Redis");

    private static string Setting(string name) => Environment.GetEnvironmentVariable("ConnectionStrings__" + name) is { Length: > 0 } found
        ? found
        : throw new InvalidOperationException($"ConnectionStrings__{name} is not set: export $(tests/servers start).");
}
