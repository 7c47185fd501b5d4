using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Options;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Payments.Gateways.Sandbox;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests.Gateways;

[TestFixture]
internal sealed class SqliteSandboxLedgerTests : SandboxLedgerContract
{
    private string folder = "";
    private EmbeddedStorage storage = null!;
    private SqliteSandboxLedger ledger = null!;

    protected override ISandboxLedger Ledger => ledger;

    [SetUp]
    public void Open()
    {
        folder = Directory.CreateTempSubdirectory("ticketbooth-payments-").FullName;
        storage = new EmbeddedStorage(Options.Create(new StorageOptions { Path = folder }), new HostingEnvironment { ContentRootPath = folder });
        ledger = new SqliteSandboxLedger(storage);
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await storage.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    protected override ISandboxLedger OpenAnother() => new SqliteSandboxLedger(storage);
}

[TestFixture]
internal sealed class MongoSandboxLedgerTests : SandboxLedgerContract
{
    private MongoDbSpace space = null!;
    private MongoStorage storage = null!;
    private MongoSandboxLedger ledger = null!;

    protected override ISandboxLedger Ledger => ledger;

    [SetUp]
    public async Task OpenAsync()
    {
        space = new MongoDbSpace();
        storage = space.OpenStorage();
        ledger = new MongoSandboxLedger(storage);
        await ledger.EnsureIndexesAsync(CancellationToken.None);
    }

    [TearDown]
    public async Task DropAsync()
    {
        storage.Dispose();
        await space.DisposeAsync();
    }

    protected override ISandboxLedger OpenAnother() => new MongoSandboxLedger(storage);
}
