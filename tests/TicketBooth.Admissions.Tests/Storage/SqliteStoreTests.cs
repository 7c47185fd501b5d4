using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using TicketBooth.Admissions.Storage;
using TicketBooth.Admissions.Storage.Sqlite;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.BuildingBlocks.Storage.Settings;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Admissions.Tests.Storage;

[TestFixture]
internal sealed class SqliteStoreTests : StoreContract
{
    private string folder = "";
    private EmbeddedStorage storage = null!;
    private AdmissionsFile file = null!;
    private SqliteDoorStore door = null!;

    protected override (ITicketStore Tickets, IDoorStore Door) Stores => (new SqliteTicketStore(file), door);

    [SetUp]
    public async Task OpenAsync()
    {
        folder = Directory.CreateTempSubdirectory("ticketbooth-admissions-").FullName;
        storage = new EmbeddedStorage(Options.Create(new StorageOptions { Path = folder }), new Surroundings());
        file = new AdmissionsFile(storage);
        door = new SqliteDoorStore(file);
        await ((IOutboxSource)door.Outbox).SubscribeAsync("test");
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await storage.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task Without_the_unique_index_all_twenty_are_let_in()
    {
        // Shows that the index decides, and that the race above can be lost.
        await storage.Open("admissions", []).WriteAsync(session => session.Execute("DROP INDEX scans_turn"));

        Assert.That(await AdmittedOfTwentyAsync(), Is.EqualTo(20));
    }

    protected override (ITicketStore Tickets, IDoorStore Door) OpenAnother() => (new SqliteTicketStore(file), new SqliteDoorStore(file));

    protected override Task<IReadOnlyList<string>> SaidAsync() =>
        Task.FromResult<IReadOnlyList<string>>([.. ((IOutboxSource)door.Outbox).Read(0, 1_000).Select(entry => entry.MessageType.Split(':')[^1])]);

    private sealed class Surroundings : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = "Development";

        public string ApplicationName { get; set; } = "tests";

        public string ContentRootPath { get; set; } = Path.GetTempPath();

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
