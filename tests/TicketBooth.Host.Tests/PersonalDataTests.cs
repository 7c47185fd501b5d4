using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using MimeKit;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>What the whole house holds about a person, and that it forgets it: over all modules, in every file of the store.</summary>
public sealed partial class PersonalDataTests
{
    private const string Name = "Zenobia Quirino";
    private const string Email = "Zenobia.Quirino@example.com";
    private const string Password = "a-long-enough-password";

    [Test]
    public async Task After_the_erasure_no_file_of_the_store_has_the_name_or_the_address_and_the_audit_passes()
    {
        var folder = Directory.CreateTempSubdirectory("ticketbooth-test-").FullName;
        try
        {
            var order = await BuyAndBeErasedAsync(folder);
            var (exitCode, output) = await HostCommand.AuditAsync(folder);

            // The log of the store's changes is emptied when the files are closed.
            Assert.Multiple(() =>
            {
                Assert.That(FilesWith(folder, Email), Is.Empty);
                Assert.That(FilesWith(folder, Name), Is.Empty);
                Assert.That(FilesWith(folder, "Quirino"), Is.Empty);
                Assert.That(exitCode, Is.Zero, output);
                Assert.That(output, Does.Contain("PASS"));
            });

            await using var host = await TestHost.StartAsync(folder: folder);
            var left = await (await TicketBoothApi.AdminAsync(host)).GetAsync($"/api/v1/orders/{order}");
            using var anew = await host.Client.PostAsJsonAsync("/api/v1/accounts", new { name = Name, email = Email, password = Password });
            Assert.That(((string?)left["status"], (long?)left["total"]), Is.EqualTo(("paid", 20_000L)), "the ledger is whole");
            Assert.That(anew.StatusCode, Is.EqualTo(HttpStatusCode.Created), "the address is free");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public async Task A_host_that_is_killed_after_the_answer_goes_on_forgetting_at_its_next_start()
    {
        await using var host = await HostProcess.StartAsync();
        var buyer = await ZenobiaAsync(host.NewClient(), host.Folder);

        Assert.That((await EraseAsync(buyer)).Status, Is.EqualTo(HttpStatusCode.NoContent));
        await host.KillAsync();
        await host.RestartAsync();
        await WaitForModulesAsync(host.Folder);
        await host.StopAsync();

        Assert.That(FilesWith(host.Folder, Email), Is.Empty);
        Assert.That(FilesWith(host.Folder, Name), Is.Empty);
    }

    [Test]
    public async Task A_guest_buys_pays_and_has_tickets_with_nothing_but_a_mail()
    {
        await using var host = await TestHost.StartAsync();
        var admin = await TicketBoothApi.AdminAsync(host);
        var eventId = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody()))["id"]!;

        using var asked = await host.Client.PostAsJsonAsync("/api/v1/accounts/guest", new { email = "guest@example.org", name = "Gil", language = "en" });
        var mail = await MailAsync(host.Folder, "guest@example.org", "Continue as a guest");
        using var client = host.NewClient();
        using var confirmed = await client.PostAsJsonAsync("/api/v1/accounts/guest/confirm", new { token = TokenIn(mail) });
        var tokens = (await confirmed.Content.ReadFromJsonAsync<JsonObject>())!;
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (string)tokens["accessToken"]!);
        var guest = new TicketBoothApi(client);
        var order = (string)(await guest.OrderAsync(eventId, 2))["id"]!;
        await guest.PayAsync(order);
        await guest.WaitForOrderAsync(order, "paid");
        var tickets = await guest.GetAsync($"/api/v1/orders/{order}/tickets");
        var paid = await MailAsync(host.Folder, "guest@example.org", "Your tickets for");

        Assert.Multiple(() =>
        {
            Assert.That(asked.StatusCode, Is.EqualTo(HttpStatusCode.Accepted));
            Assert.That(mail.TextBody, Does.Contain("Hello,").And.Not.Contains("Gil,"), "anybody may have typed the name");
            Assert.That(tickets["items"]!.AsArray(), Has.Count.EqualTo(2));
            Assert.That(paid.Attachments, Is.Not.Empty);
        });
    }

    [Test]
    public async Task What_is_not_over_is_named_and_stops_an_erasure()
    {
        await using var host = await TestHost.StartAsync();
        var admin = await TicketBoothApi.AdminAsync(host);
        var eventId = (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody()))["id"]!;
        using var signedUp = await host.Client.PostAsJsonAsync("/api/v1/accounts", new { name = Name, email = Email, password = Password });
        var buyer = await TicketBoothApi.SignInAsync(host, Email, Password);
        var order = (string)(await buyer.OrderAsync(eventId))["id"]!;

        var held = await EraseAsync(buyer);
        await buyer.PayAsync(order, "tok_refund_fails");
        await buyer.WaitForOrderAsync(order, "paid");
        var paid = await EraseAsync(buyer);
        await buyer.SendAsync(HttpMethod.Post, $"/api/v1/orders/{order}/cancel");
        var refunding = await EraseAsync(buyer);

        Assert.That((held.Code, paid.Code, refunding.Code), Is.EqualTo(("order-open", "tickets-valid", "refund-open")));
    }

    private static void AssertHasAll(JsonObject export, string order) =>
        Assert.Multiple(() =>
        {
            Assert.That(
                export.Select(section => section.Key),
                Is.EqualTo(new[]
                {
                    "exportedAt", "account", "signIns", "sessions", "orders", "counterSales", "payments", "tickets", "transfers", "mails",
                }));
            Assert.That((string?)export["account"]!["name"], Is.EqualTo(Name));
            Assert.That(export["orders"]!.AsArray().Select(one => (string?)one!["id"]), Is.EqualTo(new[] { order }));
            Assert.That((string?)export["counterSales"]![0]!["counter"]!["email"], Is.EqualTo(Email.ToUpperInvariant()));
            Assert.That(export["payments"]!.AsArray().Select(one => (string?)one!["status"]), Is.EquivalentTo(new[] { "declined", "paid" }));
            Assert.That(export["tickets"]!.AsArray().Select(one => (string?)one!["holderName"]), Is.EquivalentTo(new[] { Name, null }));
            Assert.That(export["transfers"]!.AsArray().Select(one => (bool?)one!["offeredToYou"]), Is.EqualTo(new bool?[] { true }));
            Assert.That(export["mails"]!.AsArray().Select(one => (string?)one!["kind"]), Does.Contain("confirm-address").And.Contain("order-paid"));
            Assert.That(export.ToJsonString(), Does.Not.Contain("\"code\":").And.Not.Contain("tok_approve"));
        });

    /// <returns>The order that stays.</returns>
    private static async Task<string> BuyAndBeErasedAsync(string folder)
    {
        var clock = new MovableClock();
        await using var host = await TestHost.StartAsync(clock, folder);
        var admin = await TicketBoothApi.AdminAsync(host);
        var eventId = await PublishAsync(admin, clock.GetUtcNow());
        var buyer = await ZenobiaAsync(host.NewClient(), folder);
        var order = await BuyAsync(buyer, eventId, Name);
        await SellAtCounterAsync(admin, eventId);
        await OfferToAsync(host, eventId, Email);
        await StaffLooksAsync(admin, folder);
        AssertHasAll(await buyer.GetAsync("/api/v1/accounts/me/export"), order);
        Assert.That(FilesWith(folder, Email), Is.Not.Empty, "what is looked for is found while it is there");
        Assert.That((await EraseAsync(buyer)).Code, Is.EqualTo("tickets-valid"));

        // The show is over, and so are all access tokens.
        clock.Advance(TimeSpan.FromHours(4));
        buyer = await TicketBoothApi.SignInAsync(host, Email, Password);
        Assert.That(await EraseAsync(buyer), Is.EqualTo((HttpStatusCode.NoContent, (string?)null)));
        await WaitForModulesAsync(folder);
        return order;
    }

    /// <summary>An entry leaves the outbox when every module has dealt with it.</summary>
    private static Task<long> WaitForModulesAsync(string folder) =>
        Eventually.Async(
            async () =>
            {
                await using var accounts = new SqliteConnection($"Data Source={Path.Combine(folder, "accounts.db")};Mode=ReadOnly;Pooling=False");
                await accounts.OpenAsync();
                await using var count = accounts.CreateCommand();
                count.CommandText = "SELECT COUNT(*) FROM AccountsOutbox";
                return (long)(await count.ExecuteScalarAsync())!;
            },
            waiting => waiting == 0,
            "all modules to have heard of it");

    private static async Task<string> PublishAsync(TicketBoothApi admin, DateTimeOffset now)
    {
        var body = TicketBoothApi.EventBody(tickets: 50);
        body["startsAt"] = now.AddHours(3);
        body["endsSellingAt"] = now.AddHours(2);
        return (string)(await admin.PublishEventAsync(body))["id"]!;
    }

    /// <summary>Signs up, and confirms the address with the mail that comes.</summary>
    private static async Task<TicketBoothApi> ZenobiaAsync(HttpClient client, string folder)
    {
        using var signedUp = await client.PostAsJsonAsync("/api/v1/accounts", new { name = Name, email = Email, password = Password, language = "en" });
        signedUp.EnsureSuccessStatusCode();
        var mail = await MailAsync(folder, Email, "Confirm your e-mail address");
        using var confirmed = await client.PostAsJsonAsync("/api/v1/accounts/confirm", new { token = TokenIn(mail) });
        confirmed.EnsureSuccessStatusCode();
        return await TicketBoothApi.SignInAsync(client, Email, Password);
    }

    private static async Task<string> BuyAsync(TicketBoothApi buyer, string eventId, string holder)
    {
        var order = (string)(await buyer.OrderAsync(eventId, 2))["id"]!;
        await buyer.PayAsync(order, "tok_decline");
        await Eventually.Async(
            () => buyer.GetAsync($"/api/v1/orders/{order}"), one => (string?)one["payment"]?["status"] == "declined", "the first attempt to be declined");
        await buyer.PayAsync(order);
        await buyer.WaitForOrderAsync(order, "paid");
        var tickets = await buyer.GetAsync($"/api/v1/orders/{order}/tickets");
        await buyer.SendAsync(
            HttpMethod.Put, $"/api/v1/orders/{order}/tickets/{tickets["items"]![0]!["ticketId"]}/holder", new JsonObject { ["name"] = holder });
        return order;
    }

    private static async Task SellAtCounterAsync(TicketBoothApi admin, string eventId)
    {
        await admin.SendAsync(HttpMethod.Post, "/api/v1/shifts", new JsonObject { ["float"] = 0 });
        await admin.SendAsync(HttpMethod.Post, "/api/v1/counter-sales", new JsonObject
        {
            ["eventId"] = eventId,
            ["quantity"] = 1,
            ["method"] = "card_terminal",
            ["reference"] = "T-1",
            ["buyerName"] = Name,
            ["email"] = Email.ToUpperInvariant(),
        });
    }

    /// <summary>Somebody else offers her a ticket, which she never answers.</summary>
    private static async Task OfferToAsync(TestHost host, string eventId, string email)
    {
        var client = host.NewClient();
        using var signedUp = await client.PostAsJsonAsync("/api/v1/accounts", new { name = "Bia", email = "bia@example.com", password = Password });
        signedUp.EnsureSuccessStatusCode();
        var bia = await TicketBoothApi.SignInAsync(client, "bia@example.com", Password);
        var order = (string)(await bia.OrderAsync(eventId))["id"]!;
        await bia.PayAsync(order);
        await bia.WaitForOrderAsync(order, "paid");
        var tickets = await bia.GetAsync($"/api/v1/orders/{order}/tickets");
        await bia.SendAsync(
            HttpMethod.Post, $"/api/v1/orders/{order}/tickets/{tickets["items"]![0]!["ticketId"]}/transfer", new JsonObject { ["email"] = email });
    }

    /// <summary>What staff do about her stands in the audit log; and all mails are on their way before she goes.</summary>
    private static async Task StaffLooksAsync(TicketBoothApi admin, string folder)
    {
        var found = await admin.GetAsync("/api/v1/accounts?email=" + Uri.EscapeDataString(Email));
        var id = (string)found["items"]![0]!["id"]!;
        await admin.SendAsync(HttpMethod.Put, $"/api/v1/accounts/{id}/roles", new JsonObject { ["roles"] = new JsonArray("customer", "clerk") });
        await admin.SendAsync(HttpMethod.Put, $"/api/v1/accounts/{id}/roles", new JsonObject { ["roles"] = new JsonArray("customer") });
        await MailAsync(folder, Email, "Your tickets for");
        await MailAsync(folder, Email.ToUpperInvariant(), "tickets", "ingressos");
        await MailAsync(folder, Email, "is offered", "foi oferecido");
    }

    private static async Task<(HttpStatusCode Status, string? Code)> EraseAsync(TicketBoothApi who)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/api/v1/accounts/me") { Content = JsonContent.Create(new { currentPassword = Password }) };
        using var answer = await who.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text.Length == 0 ? null : (string?)JsonNode.Parse(text)!["code"]);
    }

    /// <summary>The newest mail to an address with a word in its subject, once there is one.</summary>
    private static async Task<MimeMessage> MailAsync(string folder, string email, params string[] words)
    {
        var mails = Path.Combine(folder, "mails");
        var found = await Eventually.Async(
            async () =>
            {
                foreach (var file in Directory.Exists(mails) ? Directory.EnumerateFiles(mails, "*.eml") : [])
                {
                    var mail = await MimeMessage.LoadAsync(file);
                    if (mail.To.Mailboxes.Any(to => to.Address == email) && words.Any(word => mail.Subject!.Contains(word, StringComparison.OrdinalIgnoreCase)))
                    {
                        return mail;
                    }
                }

                return null;
            },
            mail => mail is not null,
            string.Create(CultureInfo.InvariantCulture, $"a mail to {email} about {words[0]}"));
        return found!;
    }

    private static string TokenIn(MimeMessage mail) => Token().Match(mail.TextBody!.ReplaceLineEndings("\n")).Groups["token"].Value;

    private static List<string> FilesWith(string folder, string text) =>
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => !file.EndsWith("ticketbooth.lock", StringComparison.Ordinal) && Holds(file, text)),
        ];

    /// <summary>Byte by byte, and without regard to case: whatever the file is, and wherever in it.</summary>
    private static bool Holds(string file, string text)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return reader.ReadToEnd().Contains(text, StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex("\n(?<token>[A-Za-z0-9_-]{43})\n", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Token();

    /// <summary>The system's, a few hours ahead.</summary>
    private sealed class MovableClock : TimeProvider
    {
        private long ahead;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref ahead));

        public void Advance(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);
    }
}
