using System.Globalization;
using Microsoft.Data.Sqlite;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>The verb <c>reconcile</c> on the data of a real sale, and on the same data with one thing made wrong.</summary>
public sealed class ReconcileTests
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ticketbooth-reconciled-");
    private readonly string[] days =
    [
        $"--from={DateTime.UtcNow.AddDays(-1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}",
        $"--to={DateTime.UtcNow.AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}",
    ];
    private TestHost host;

    [OneTimeSetUp]
    public async Task Sell()
    {
        host = await TestHost.StartAsync(folder: folder.FullName);
        var admin = await TicketBoothApi.AdminAsync(host);
        var eventId = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(tickets: 20)))["id"]!;
        for (var i = 0; i < 3; i++)
        {
            var orderId = (string)(await admin.OrderAsync(eventId, 1))["id"]!;
            await admin.PayAsync(orderId);
            await admin.WaitForOrderAsync(orderId, "paid");
            if (i == 0)
            {
                await admin.SendAsync(HttpMethod.Post, $"/api/v1/orders/{orderId}/cancel");
                await Eventually.Async(
                    () => admin.GetAsync($"/api/v1/orders/{orderId}"), order => (string)order["payment"]!["status"]! == "refunded", "the money to be back");
            }
        }
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await host.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Test]
    [Order(1)]
    public async Task Is_equal_beside_the_running_host()
    {
        var (exitCode, output, errors) = await HostCommand.RunAsync(folder.FullName, ["reconcile", .. days]);

        Assert.That(exitCode, Is.Zero, output + errors);
        Assert.That(output, Does.Contain("EQUAL").And.Contain("Sandbox").And.Match("capture +3 .* 3 ").And.Match("refund +1 .* 1 "));
    }

    [Test]
    [Order(2)]
    public async Task Tells_what_was_made_wrong()
    {
        await host.DisposeAsync();
        Damage("payments", "UPDATE payments SET amount = amount - 1 WHERE status = 'refunded'");
        Damage("sandbox-gateway", "DELETE FROM charges WHERE payment_id = (SELECT MIN(payment_id) FROM charges WHERE refunded_at IS NULL)");

        var (exitCode, output, errors) = await HostCommand.RunAsync(folder.FullName, ["reconcile", .. days]);

        Assert.That(exitCode, Is.EqualTo(1), output + errors);
        Assert.That(output, Does.Contain("NOT EQUAL: 3 differences").And.Contain("ours_only capture").And.Contain("other_amount capture").And.Contain("other_amount refund"));
    }

    [TestCase("--from=2026-11-02", "--to=2026-11-01")]
    [TestCase("--from=2026-01-01", "--to=2026-11-01")]
    [TestCase("--from=yesterday", "--to=2026-11-01")]
    [TestCase("--from=2026-11-01")]
    public async Task Refuses_what_is_no_period(params string[] words)
    {
        var (exitCode, _, errors) = await HostCommand.RunAsync(folder.FullName, ["reconcile", .. words]);

        Assert.That(exitCode, Is.EqualTo(2));
        Assert.That(errors, Does.Contain("--from").Or.Contain("--to"));
    }

    private void Damage(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder.FullName, file)}.db;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.That(command.ExecuteNonQuery(), Is.EqualTo(1), "the damage must hit something");
    }
}
