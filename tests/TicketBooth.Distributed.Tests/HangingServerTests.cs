using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MongoDB.Driver;
using MySqlConnector;
using NUnit.Framework.Interfaces;
using TicketBooth.Testing;

namespace TicketBooth.Distributed.Tests;

/// <summary>
/// A server that takes everything and answers nothing, behind a host that has talked with it before: nobody waits for it without bound.
/// </summary>
internal sealed partial class HangingServerTests
{
    // Five seconds, on a machine that has other things to do.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly DirectoryInfo keys = Directory.CreateTempSubdirectory("ticketbooth-keys-");
    private readonly MongoDbSpace mongoSpace = new();
    private MySqlSpace mySqlSpace = null!;
    private TestProxy mongo = null!;
    private TestProxy mySql = null!;
    private Cluster cluster = null!;
    private Sale sale = null!;
    private string buyer = "";
    private string orderId = "";

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var mongoServer = new MongoUrl(TestServers.MongoDb).Server;
        var mySqlServer = new MySqlConnectionStringBuilder(TestServers.MySql);
        mongo = new TestProxy(mongoServer.Host, mongoServer.Port);
        mySql = new TestProxy(mySqlServer.Server, (int)mySqlServer.Port);
        mySqlSpace = await MySqlSpace.NewAsync();

        // With the times that the product has, and not those of other tests.
        var mongoUrl = new MongoUrlBuilder(mongoSpace.ConnectionString)
        {
            Server = new MongoServerAddress("127.0.0.1", mongo.Port),
            ReplicaSetName = null,
            DirectConnection = true,
            SocketTimeout = TimeSpan.Zero,
        };
        var mySqlSettings = new MySqlConnectionStringBuilder(mySqlSpace.ConnectionString)
        {
            Server = "127.0.0.1",
            Port = (uint)mySql.Port,
        };
        mySqlSettings.Remove("Default Command Timeout");
        cluster = await Cluster.StartAsync(
            hosts: 1,
            // In Development the framework answers what fails on a page with a page for developers, before ours.
            ("ASPNETCORE_ENVIRONMENT", "Staging"),
            ("Payments:WebhookSecret", "whsec_" + Convert.ToBase64String(new byte[32])),
            ("Accounts:Keys:Folder", keys.FullName),
            ("ConnectionStrings:MongoDb", mongoUrl.ToString()),
            ("ConnectionStrings:MySql", mySqlSettings.ToString())
        );
        sale = new Sale(cluster.Hosts);
        await sale.OpenAsync(20);
        buyer = await sale.NewBuyerAsync();
        orderId = (string)(await OrderAsync(Guid.NewGuid().ToString())).Body["id"]!;
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        sale?.Dispose();
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }

        await mongo.DisposeAsync();
        await mySql.DisposeAsync();
        await mongoSpace.DisposeAsync();
        await mySqlSpace.DisposeAsync();
        keys.Delete(recursive: true);
    }

    [TearDown]
    public async Task TellWhyAsync()
    {
        if (TestContext.CurrentContext.Result.Outcome.Status == TestStatus.Failed)
        {
            await TestContext.Out.WriteLineAsync(cluster.Hosts[0].Said);
        }
    }

    [Test]
    public async Task MongoDB_hangs_and_every_kind_of_request_is_answered_soon()
    {
        using var page = await SignedInAsync();
        var key = Guid.NewGuid().ToString();
        var before = await OrdersAsync();
        mongo.Hush();
        try
        {
            await Task.WhenAll(
                ExpectAsync(buyer, HttpMethod.Get, $"/api/v1/orders/{orderId}"),
                ExpectAsync(buyer, HttpMethod.Get, "/api/v1/orders"),
                ExpectAsync(buyer, HttpMethod.Post, "/api/v1/orders", new { eventId = sale.EventId, quantity = 1 }, key),
                ExpectAsync(buyer, HttpMethod.Post, $"/api/v1/orders/{orderId}/payment", new { method = "card", token = "tok_approve" }),
                ExpectAsync(buyer, HttpMethod.Post, $"/api/v1/orders/{orderId}/cancel"),
                ExpectAsync(sale.AdminToken, HttpMethod.Post, $"/api/v1/events/{sale.EventId}/price-adjustments", new { percentage = 5 }),
                ExpectPageAsync(page, $"/backoffice/events/{sale.EventId}/prices")
            );
        }
        finally
        {
            mongo.Restore();
        }

        // Nobody knew what became of the order; with its key it can only be the same one.
        var (_, first) = await sale.SendAsync(
            buyer,
            HttpMethod.Post,
            "/api/v1/orders",
            new { eventId = sale.EventId, quantity = 1 },
            key
        );
        var (_, again) = await sale.SendAsync(
            buyer,
            HttpMethod.Post,
            "/api/v1/orders",
            new { eventId = sale.EventId, quantity = 1 },
            key
        );
        var after = await OrdersAsync();
        Assert.Multiple(() =>
        {
            Assert.That((string?)again["id"], Is.EqualTo((string?)first["id"]).And.Not.Null);
            Assert.That(after, Is.EqualTo(before + 1));
        });
    }

    [Test]
    public async Task MySQL_hangs_and_every_kind_of_request_that_needs_it_is_answered_soon_while_tickets_are_sold()
    {
        using var page = await SignedInAsync();
        mySql.Hush();
        try
        {
            var credentials = new { email = TestUsers.AdminEmail, password = TestUsers.AdminPassword };
            await Task.WhenAll(
                ExpectAsync(token: null, HttpMethod.Post, "/api/v1/accounts/token", credentials),
                ExpectAsync(sale.AdminToken, HttpMethod.Get, "/api/v1/dashboard/summary"),
                ExpectAsync(sale.AdminToken, HttpMethod.Post, $"/api/v1/events/{sale.EventId}/price-adjustments", new { percentage = 5 }),
                ExpectPageAsync(page, "/backoffice"),
                ExpectPageAsync(page, "/backoffice/orders")
            );
            var (status, order) = await OrderAsync(Guid.NewGuid().ToString());
            Assert.That(status, Is.EqualTo(HttpStatusCode.Created), order.ToJsonString());
        }
        finally
        {
            mySql.Restore();
        }

        await Eventually.Async(() => page.GetAsync("/backoffice/orders"), answer => answer.IsSuccessStatusCode, "the page again");
    }

    private async Task<int> OrdersAsync() =>
        (await sale.SendAsync(buyer, HttpMethod.Get, "/api/v1/orders")).Body["items"]!.AsArray().Count;

    private Task<(HttpStatusCode Status, JsonObject Body)> OrderAsync(string key) =>
        sale.SendAsync(buyer, HttpMethod.Post, "/api/v1/orders", new { eventId = sale.EventId, quantity = 1 }, key);

    private async Task ExpectAsync(string? token, HttpMethod method, string path, object? body = null, string? key = null)
    {
        using var client = cluster.Hosts[0].NewClient();
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        var watch = Stopwatch.StartNew();
        using var answer = await client.SendAsync(request);
        var took = watch.Elapsed;
        var text = await answer.Content.ReadAsStringAsync();
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{method} {path}: {(int)answer.StatusCode} in {took.TotalSeconds:F1} s"));
        Assert.Multiple(() =>
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable), $"{method} {path}: {text}");
            Assert.That((string?)JsonNode.Parse(text)?["code"], Is.EqualTo("unavailable"), path);
            Assert.That(answer.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero), path);
            Assert.That(took, Is.LessThan(Longest), path);
        });
    }

    private static async Task ExpectPageAsync(HttpClient client, string path)
    {
        var watch = Stopwatch.StartNew();
        using var answer = await client.GetAsync(path);
        var took = watch.Elapsed;
        TestContext.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {(int)answer.StatusCode} in {took.TotalSeconds:F1} s"));
        Assert.Multiple(() =>
        {
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable), path);
            Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/html"), path);
            Assert.That(answer.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero), path);
            Assert.That(took, Is.LessThan(Longest), path);
        });
    }

    private async Task<HttpClient> SignedInAsync()
    {
        var client = cluster.Hosts[0].NewClient();
        var form = await client.GetStringAsync("/backoffice/sign-in");
        using var answer = await client.PostAsync(
            "/backoffice/sign-in",
            new FormUrlEncodedContent(
                [
                    new("email", TestUsers.AdminEmail),
                    new("password", TestUsers.AdminPassword),
                    new("__RequestVerificationToken", Token().Match(form).Groups["token"].Value),
                ]
            )
        );
        answer.EnsureSuccessStatusCode();
        return client;
    }

    [GeneratedRegex(
        "name=\"__RequestVerificationToken\" type=\"hidden\" value=\"(?<token>[^\"]+)\"",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 60_000
    )]
    private static partial Regex Token();
}
