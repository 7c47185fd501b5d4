using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using MongoDB.Bson;
using TicketBooth.BuildingBlocks.Storage.Mongo;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Payments.Storage;
using TicketBooth.Payments.Storage.Mongo;
using TicketBooth.Payments.Storage.Sqlite;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests.Storage;

[TestFixture]
internal sealed class SqliteReconciliationStoreTests : ReconciliationStoreContract
{
    private string folder = "";
    private EmbeddedStorage storage = null!;

    protected override IReconciliationStore Store => new SqliteReconciliationStore(storage);

    protected override IReconciliationStore OpenAnother() => new SqliteReconciliationStore(storage);

    protected override Task DropGuardAsync() => PaymentsFile.Open(storage).WriteAsync(session =>
    {
        session.Execute("DROP TABLE reconciliations");
        session.Execute("CREATE TABLE reconciliations(id BLOB NOT NULL PRIMARY KEY, due INTEGER, summary TEXT NOT NULL, lines TEXT NOT NULL) WITHOUT ROWID");
    });

    [SetUp]
    public void Open()
    {
        folder = Directory.CreateTempSubdirectory("ticketbooth-reconciliations-").FullName;
        storage = new EmbeddedStorage(Options.Create(new StorageOptions { Path = folder }), new Here());
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await storage.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private sealed class Here : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = Environments.Development;

        public string ApplicationName { get; set; } = "test";

        public string ContentRootPath { get; set; } = Path.GetTempPath();

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}

[TestFixture]
internal sealed class MongoReconciliationStoreTests : ReconciliationStoreContract
{
    private MongoDbSpace space = null!;
    private MongoStorage storage = null!;

    protected override IReconciliationStore Store => new MongoReconciliationStore(storage);

    protected override IReconciliationStore OpenAnother() => new MongoReconciliationStore(storage);

    protected override Task DropGuardAsync() => storage.Database("payments").GetCollection<BsonDocument>("reconciliations").Indexes.DropOneAsync("due");

    [SetUp]
    public async Task OpenAsync()
    {
        space = new MongoDbSpace();
        storage = space.OpenStorage();
        await new MongoReconciliationStore(storage).EnsureIndexesAsync(CancellationToken.None);
    }

    [TearDown]
    public async Task DropAsync()
    {
        storage.Dispose();
        await space.DisposeAsync();
    }
}
