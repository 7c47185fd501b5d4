using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace TicketBooth.Tests;

/// <summary>
/// Compiled into every test project. `export $(tests/servers start)` is meant for the tests that ask for a server, not for every host that a test starts: those
/// get a server only when the test says so. The settings go where only <c>TestServers</c> looks, before the first test runs.
/// </summary>
internal static class TestEnvironment
{
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "A test project is an application in this respect: nothing of it may run before this.")]
    internal static void KeepServersFromHosts()
    {
        foreach (var name in new[] { "ConnectionStrings__MongoDb", "ConnectionStrings__Redis", "ConnectionStrings__Kafka", "ConnectionStrings__MySql" })
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            {
                Environment.SetEnvironmentVariable("TICKETBOOTH_TEST_" + name, value);
                Environment.SetEnvironmentVariable(name, null);
            }
        }
    }
}
