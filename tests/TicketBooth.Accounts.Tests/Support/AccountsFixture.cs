using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests.Support;

/// <summary>
/// Tests that hold for every database that accounts may be stored in. The tests of a fixture share one database, so each has addresses of
/// its own: <see cref="Mine"/>. A test that counts every row, or spoils the database, takes another one: <see cref="NewDatabase"/>.
/// </summary>
[TestFixture(Provider.Sqlite)]
[TestFixture(Provider.MySql)]
internal abstract class AccountsFixture(Provider provider)
{
    private int tests;

    protected AccountsDatabase Database { get; private set; } = null!;

    /// <summary>Ana's address in this test.</summary>
    protected string Email => Mine("ana@example.com");

    [OneTimeSetUp]
    public void MakeDatabase() => Database = NewDatabase();

    [OneTimeTearDown]
    public async Task DropDatabaseAsync() => await Database.DisposeAsync();

    [SetUp]
    public void CountTest() => tests++;

    /// <summary>The address in a domain that no other test of this fixture has.</summary>
    protected string Mine(string address) => FormattableString.Invariant($"{address}.t{tests}");

    protected AccountsDatabase NewDatabase() => AccountsDatabase.New(provider);

    /// <summary>A host on the fixture's database.</summary>
    protected Task<TestHost> StartHostAsync(
        TimeProvider? clock = null, Action<IServiceCollection>? services = null, params (string Key, string Value)[] settings) =>
        AccountsApi.StartAsync(clock, Database, services, settings);
}
