using Microsoft.Data.Sqlite;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>
/// The verb <c>audit</c> on the data of a real sale, and on the same data with one thing made wrong. The first audit is a process of its own, beside
/// the host; the others run in this process.
/// </summary>
public sealed class AuditTests
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ticketbooth-audited-");
    private Lazy<Task> stop;

    [OneTimeSetUp]
    public async Task Sell()
    {
        var host = await TestHost.StartAsync(folder: folder.FullName);
        stop = new Lazy<Task>(() => host.DisposeAsync().AsTask());
        var admin = await TicketBoothApi.AdminAsync(host);
        var eventId = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(tickets: 20)))["id"]!;
        for (var i = 0; i < 6; i++)
        {
            var orderId = (string)(await admin.OrderAsync(eventId, 2))["id"]!;
            if (i < 4)
            {
                await admin.PayAsync(orderId);
                await admin.WaitForOrderAsync(orderId, "paid");
            }

            if (i == 0)
            {
                await admin.SendAsync(HttpMethod.Post, $"/api/v1/orders/{orderId}/cancel");
            }
        }
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await stop.Value;
        folder.Delete(recursive: true);
    }

    [Test]
    [Order(1)]
    public async Task Passes_beside_the_running_host()
    {
        var (exitCode, output) = await HostProcess.RunAsync([("Storage:Path", folder.FullName)], "audit");
        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.Zero, output);
            Assert.That(output, Does.Contain("PASS"));
        });
    }

    [Test]
    [Order(2)]
    public async Task Passes_on_the_files_alone()
    {
        await stop.Value;
        var (exitCode, output) = await HostCommand.AuditAsync(folder.FullName);
        Assert.That(exitCode, Is.Zero, output);
    }

    // Each on a copy of the files, so that they do not get in each other's way, and at once: an audit waits before it accuses.
    [Order(3)]
    [Parallelizable(ParallelScope.Children)]
    [TestCase("booking-0001", "DELETE FROM claims WHERE ticket_id = (SELECT MIN(ticket_id) FROM claims)", "I1")]
    [TestCase("booking-0001", "UPDATE orders SET status = 1 WHERE status = 4", "I1")]
    [TestCase("booking-0001", "UPDATE orders SET total = total + 1 WHERE status = 1", "I6")]
    [TestCase("payments", "UPDATE payments SET status = 'declined' WHERE status = 'paid'", "I5")]
    [TestCase("payments", "UPDATE payments SET amount = amount - 1", "I6")]
    [TestCase("events", "UPDATE tiers SET sold = sold + 1", "I7")]
    [TestCase("events", "DELETE FROM sales", "I4")]
    public async Task Finds_what_was_made_wrong(string file, string damage, string promise)
    {
        await stop.Value;
        var copy = Directory.CreateTempSubdirectory("ticketbooth-audit-");
        foreach (var original in folder.GetFiles())
        {
            original.CopyTo(Path.Combine(copy.FullName, original.Name));
        }

        using (var connection = new SqliteConnection($"Data Source={Path.Combine(copy.FullName, file)}.db;Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = damage;
            Assert.That(command.ExecuteNonQuery(), Is.GreaterThan(0), "the damage must hit something");
        }

        var (exitCode, output) = await HostCommand.AuditAsync(copy.FullName);
        copy.Delete(recursive: true);
        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(1), output);
            Assert.That(output, Does.Contain($"{promise}  VIOLATION"));
        });
    }

    [Order(3)]
    [Parallelizable(ParallelScope.Children)]
    [TestCase(1)]
    [TestCase(5)]
    public async Task Reports_damaged_pages_by_their_file(int firstPage)
    {
        await stop.Value;
        var copy = Directory.CreateTempSubdirectory("ticketbooth-damage-");
        foreach (var original in folder.GetFiles())
        {
            original.CopyTo(Path.Combine(copy.FullName, original.Name));
        }

        using (var file = File.OpenWrite(Path.Combine(copy.FullName, "booking-0001.db")))
        {
            file.Position = 4096 * firstPage;
            file.Write(new byte[file.Length - file.Position]);
        }

        var (exitCode, output) = await HostCommand.AuditAsync(copy.FullName);
        copy.Delete(recursive: true);
        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(1), output);
            Assert.That(output, Does.Contain("I2  VIOLATION  booking-0001.db: ").And.Contain("FAIL: ").And.Not.Contain("   at "));
        });
    }
}
