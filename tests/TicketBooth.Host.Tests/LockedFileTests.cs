using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>A file that another program keeps locked: nobody waits for it without bound, and the other files go on.</summary>
public sealed class LockedFileTests
{
    // Three seconds, on a machine that has other things to do.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    [Test]
    public async Task Requests_that_need_the_file_are_answered_soon_and_those_of_another_shard_at_once()
    {
        await using var host = await TestHost.StartAsync();
        var admin = await TicketBoothApi.AdminAsync(host);
        var locked = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(large: true)))["id"]!;
        var free = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody(large: true)))["id"]!;
        await admin.OrderAsync(locked);
        await admin.OrderAsync(free);
        var credentials = new { email = TestUsers.AdminEmail, password = TestUsers.AdminPassword };

        var shards = Directory.GetFiles(host.Folder, "booking-*.db").Order(StringComparer.Ordinal).ToList();
        await using (await LockAsync(shards[0]))
        await using (await LockAsync(Path.Combine(host.Folder, "accounts.db")))
        {
            var waiting = Enumerable.Range(0, 3).Select(_ => ExpectUnavailableAsync(admin, "/api/v1/orders", new { eventId = locked, quantity = 1 }));
            var signingIn = ExpectUnavailableAsync(admin, "/api/v1/accounts/token", credentials);
            Assert.That((string?)(await admin.OrderAsync(free))["status"], Is.EqualTo("on_payment"));
            await Task.WhenAll([.. waiting, signingIn]);
        }

        await admin.OrderAsync(locked);
        using var signedIn = await admin.Client.PostAsJsonAsync("/api/v1/accounts/token", credentials);
        Assert.That(signedIn.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    private static async Task ExpectUnavailableAsync(TicketBoothApi api, string path, object body)
    {
        var watch = Stopwatch.StartNew();
        using var answer = await api.Client.PostAsJsonAsync(path, body);
        var took = watch.Elapsed;
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Multiple(() =>
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable), text);
            Assert.That((string?)JsonNode.Parse(text)!["code"], Is.EqualTo("unavailable"));
            Assert.That(answer.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
            Assert.That(took, Is.LessThan(Longest));
        });
    }

    /// <summary>As a tool does that somebody opened the file with, until the result is disposed.</summary>
    private static async Task<SqliteConnection> LockAsync(string file)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var begin = connection.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        await begin.ExecuteNonQueryAsync();
        return connection;
    }
}
