using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Host.Verbs;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>The files of a real sale, one of them lost: the start stops and names it, and nothing is made in its place.</summary>
public sealed class LostFilesTests
{
    private readonly DirectoryInfo stopped = Directory.CreateTempSubdirectory("ticketbooth-stopped-");
    private readonly DirectoryInfo crashed = Directory.CreateTempSubdirectory("ticketbooth-crashed-");

    [OneTimeSetUp]
    public async Task SellAsync()
    {
        await using (var host = await TestHost.StartAsync(folder: stopped.FullName))
        {
            var admin = await TicketBoothApi.SignInAsync(host.Client, TestUsers.AdminEmail, TestUsers.AdminPassword);
            var eventId = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(tickets: 4)))["id"]!;
            var orderId = (string)(await admin.OrderAsync(eventId, 2))["id"]!;
            await admin.PayAsync(orderId);
            await admin.WaitForOrderAsync(orderId, "paid");

            // As a crash would leave it, a second later.
            host.App.Services.GetRequiredService<EmbeddedStorage>().RecordPositions();
            Copy(stopped, crashed);
        }
    }

    [OneTimeTearDown]
    public void Remove()
    {
        stopped.Delete(recursive: true);
        crashed.Delete(recursive: true);
    }

    [TestCase("accounts")]
    [TestCase("booking")]
    [TestCase("booking-0001")]
    [TestCase("dashboard")]
    [TestCase("events")]
    [TestCase("payments")]
    public void A_file_that_is_missing_stops_the_start(string file)
    {
        using var folder = new Folder(stopped);
        File.Delete(folder.File(file + ".db"));

        Assert.That(() => StartAsync(folder), Throws.InstanceOf<StorageException>().With.Message.Contains($"{file}.db is missing"));
        Assert.That(folder.File(file + ".db"), Does.Not.Exist);
    }

    [Test]
    public async Task A_loss_that_is_accepted_lets_the_start_go_on()
    {
        using var folder = new Folder(stopped);
        File.Delete(folder.File("booking-0001.db"));
        Assert.That(() => StartAsync(folder), Throws.InstanceOf<StorageException>());

        Assert.That(await AcceptAsync(folder, "booking-0001"), Is.Zero);

        Assert.That(() => StartAsync(folder), Throws.Nothing);
    }

    [TestCase("accounts")]
    [TestCase("booking-0001")]
    [TestCase("payments")]
    public void A_log_that_is_emptied_after_a_crash_stops_the_start(string file)
    {
        using var folder = new Folder(crashed);
        File.WriteAllBytes(folder.File(file + ".db-wal"), []);

        Assert.That(() => StartAsync(folder), Throws.InstanceOf<StorageException>().With.Message.Contains($"{file}.db-wal is lost"));
    }

    [Test]
    public void After_a_crash_with_everything_in_place_the_start_goes_on()
    {
        using var folder = new Folder(crashed);

        Assert.That(() => StartAsync(folder), Throws.Nothing);
    }

    [Test]
    public void A_folder_that_is_lost_as_a_whole_stops_the_start_where_the_settings_know_of_it()
    {
        using var folder = new Folder(stopped);
        var own = (string)JsonNode.Parse(File.ReadAllText(folder.File("ticketbooth.files.json")))!["installation"]!;
        var lost = Directory.CreateTempSubdirectory("ticketbooth-unmounted-");
        try
        {
            Assert.That(() => StartAsync(folder, own), Throws.Nothing);
            Assert.That(
                () => StartAsync(folder, "another"),
                Throws.InstanceOf<StorageException>().With.Message.StartsWith("Storage:Installation: ").And.Message.Contains(own));
            Assert.That(
                async () => { await using var host = await TestHost.StartAsync(folder: lost.FullName, settings: [("Storage:Installation", own)]); },
                Throws.InstanceOf<StorageException>().With.Message.StartsWith("Storage:Installation: ").And.Message.Contains("mounted"));
            Assert.That(lost.EnumerateFiles("*.db"), Is.Empty, "nothing is made in its place");
        }
        finally
        {
            lost.Delete(recursive: true);
        }
    }

    private static async Task StartAsync(Folder folder, string installation = "")
    {
        await using var host = await TestHost.StartAsync(folder: folder.Path, settings: [("Storage:Installation", installation)]);
    }

    private static Task<int> AcceptAsync(Folder folder, string file) =>
        CommandLine.RunAsync(["accept-loss", file, $"--Storage:Path={folder.Path}", "--environment=Development", "--ConnectionStrings:MongoDb="], TextWriter.Null, TestContext.Error);

    private static void Copy(DirectoryInfo from, DirectoryInfo to)
    {
        foreach (var file in from.GetFiles("*", SearchOption.AllDirectories).Where(file => file.Extension != ".lock"))
        {
            var place = Path.Combine(to.FullName, Path.GetRelativePath(from.FullName, file.FullName));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            file.CopyTo(place);
        }
    }

    private sealed class Folder : IDisposable
    {
        private readonly DirectoryInfo copy = Directory.CreateTempSubdirectory("ticketbooth-lost-");

        public Folder(DirectoryInfo original) => Copy(original, copy);

        public string Path => copy.FullName;

        public string File(string name) => System.IO.Path.Combine(Path, name);

        public void Dispose() => copy.Delete(recursive: true);
    }
}
