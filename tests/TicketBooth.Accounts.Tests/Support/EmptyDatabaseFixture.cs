using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests.Support;

/// <summary>Tests about how a host finds its database, which is a new one for each test. They hold for every kind of database.</summary>
[TestFixture(Provider.Sqlite)]
[TestFixture(Provider.MySql)]
internal abstract class EmptyDatabaseFixture(Provider provider)
{
    protected AccountsDatabase Database { get; private set; } = null!;

    [SetUp]
    public void NewDatabase() => Database = AccountsDatabase.New(provider);

    [TearDown]
    public async Task DropDatabaseAsync() => await Database.DisposeAsync();

    /// <summary>A host on the test's database.</summary>
    protected Task<TestHost> StartHostAsync(
        TimeProvider? clock = null, Action<IServiceCollection>? services = null, params (string Key, string Value)[] settings) =>
        AccountsApi.StartAsync(clock, Database, services, settings);
}
