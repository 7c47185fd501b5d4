using Microsoft.Data.Sqlite;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>The verb <c>audit</c> on the data of a real sale, and on the same data with one thing made wrong.</summary>
public sealed class AuditTests
{
    private HostProcess host;

    [OneTimeSetUp]
    public async Task Sell()
    {
        host = await HostProcess.StartAsync();
        using var client = new HttpClient { BaseAddress = host.Address };
        var admin = await SignInAsync(client);
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
    public async Task Stop() => await host.DisposeAsync();

    [Test]
    [Order(1)]
    public async Task Passes_beside_the_running_host()
    {
        var (exitCode, output) = await host.AuditAsync();
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
        await host.StopAsync();
        var (exitCode, output) = await host.AuditAsync();
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
        await host.StopAsync();
        var copy = Directory.CreateTempSubdirectory("ticketbooth-audit-");
        foreach (var original in Directory.GetFiles(host.Folder))
        {
            File.Copy(original, Path.Combine(copy.FullName, Path.GetFileName(original)));
        }

        using (var connection = new SqliteConnection($"Data Source={Path.Combine(copy.FullName, file)}.db;Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = damage;
            Assert.That(command.ExecuteNonQuery(), Is.GreaterThan(0), "the damage must hit something");
        }

        var (exitCode, output) = await HostProcess.RunAsync([("Storage:Path", copy.FullName)], "audit");
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
        await host.StopAsync();
        var copy = Directory.CreateTempSubdirectory("ticketbooth-damage-");
        foreach (var original in Directory.GetFiles(host.Folder))
        {
            File.Copy(original, Path.Combine(copy.FullName, Path.GetFileName(original)));
        }

        using (var file = File.OpenWrite(Path.Combine(copy.FullName, "booking-0001.db")))
        {
            file.Position = 4096 * firstPage;
            file.Write(new byte[file.Length - file.Position]);
        }

        var (exitCode, output) = await HostProcess.RunAsync([("Storage:Path", copy.FullName)], "audit");
        copy.Delete(recursive: true);
        Assert.Multiple(() =>
        {
            Assert.That(exitCode, Is.EqualTo(1), output);
            Assert.That(output, Does.Contain("I2  VIOLATION  booking-0001.db: ").And.Contain("FAIL: ").And.Not.Contain("   at "));
        });
    }

    private static Task<TicketBoothApi> SignInAsync(HttpClient client) => TicketBoothApi.SignInAsync(client, TestUsers.AdminEmail, TestUsers.AdminPassword);
}
