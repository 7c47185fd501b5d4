using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web.Idempotency;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>A request that is sent again under its Idempotency-Key has one effect and one answer.</summary>
public sealed class IdempotencyTests
{
    private TestHost host = null!;
    private TicketBoothApi admin = null!;
    private FailingStore failing = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        host = await TestHost.StartAsync(services: services =>
        {
            var own = services.Single(service => service.ServiceType == typeof(IAnsweredRequests));
            services.Replace(ServiceDescriptor.Singleton<IAnsweredRequests>(provider =>
                failing = new FailingStore((IAnsweredRequests)ActivatorUtilities.CreateInstance(provider, own.ImplementationType!))));
        });
        admin = await TicketBoothApi.AdminAsync(host);
    }

    [OneTimeTearDown]
    public async Task Stop() => await host.DisposeAsync();

    [Test]
    public async Task Ten_percent_sent_twice_are_ten_percent()
    {
        var shown = await PublishedAsync();
        var adjustments = $"/api/v1/events/{shown}/price-adjustments";

        var first = await PostAsync(admin, adjustments, new { percentage = 10 }, "ten-percent");
        var second = await PostAsync(admin, adjustments, new { percentage = 10 }, "\"ten-percent\"");

        Assert.That((first.Status, second.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.OK)));
        Assert.That(second.Text, Is.EqualTo(first.Text), "also for the quoted form of the same key");
        Assert.That(await PriceAsync(shown), Is.EqualTo(11_000));
    }

    [Test]
    public async Task Events_sent_at_once_under_one_key_make_one_draft()
    {
        var body = TicketBoothApi.EventBody(name: "Made once");

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync(admin, "/api/v1/events", body, "made-once")));

        Assert.That(made.Select(one => one.Status), Is.All.EqualTo(HttpStatusCode.Created));
        Assert.That(made.Select(one => one.Text).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(1));
        Assert.That(made.Select(one => one.Location).Distinct(StringComparer.Ordinal).Single(), Does.StartWith("/api/v1/events/"));
        Assert.That((await admin.GetAsync("/api/v1/events?search=made+once"))["items"]!.AsArray(), Has.Count.EqualTo(1));
    }

    /// <remarks>The harm that the operation's id keeps away: without it the second attempt would act again.</remarks>
    [Test]
    public async Task What_was_done_before_the_host_died_is_not_done_again()
    {
        var shown = await PublishedAsync();
        var adjustments = $"/api/v1/events/{shown}/price-adjustments";
        var body = TicketBoothApi.EventBody(name: "Lost answer");

        failing.IsDown = true;
        var lost = new[]
        {
            await PostAsync(admin, adjustments, new { percentage = 10 }, "lost-percent"),
            await PostAsync(admin, "/api/v1/events", body, "lost-event"),
        };
        failing.IsDown = false;
        Assert.That(lost.Select(one => one.Status), Is.All.EqualTo(HttpStatusCode.InternalServerError));
        var again = new[]
        {
            await PostAsync(admin, adjustments, new { percentage = 10 }, "lost-percent"),
            await PostAsync(admin, "/api/v1/events", body, "lost-event"),
        };

        Assert.That(again.Select(one => one.Status), Is.EqualTo(new[] { HttpStatusCode.OK, HttpStatusCode.Created }));
        Assert.That(await PriceAsync(shown), Is.EqualTo(11_000));
        Assert.That((await admin.GetAsync("/api/v1/events?search=lost+answer"))["items"]!.AsArray(), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_was_done_before_the_host_died_is_not_done_again_after_somebody_else_has_acted()
    {
        var shown = await PublishedAsync();
        var adjustments = $"/api/v1/events/{shown}/price-adjustments";
        var draft = (string)(await admin.SendAsync(HttpMethod.Post, "/api/v1/events", TicketBoothApi.EventBody()))["id"]!;
        var buyer = await TicketBoothApi.NewBuyerAsync(host);
        var order = (string)(await buyer.OrderAsync(shown))["id"]!;
        (TicketBoothApi Who, string Path, object? Body, string Key, string? IfMatch)[] requests =
        [
            (admin, adjustments, new { percentage = 10 }, "before-another", null),
            (admin, $"/api/v1/events/{draft}/publish", null, "publish-once", "\"1-0\""),
            (buyer, $"/api/v1/orders/{order}/payment", new { method = "card", token = "tok_decline" }, "pay-once", null),
        ];

        failing.IsDown = true;
        foreach (var (who, path, body, key, ifMatch) in requests)
        {
            Assert.That((await PostAsync(who, path, body, key, ifMatch)).Status, Is.EqualTo(HttpStatusCode.InternalServerError));
        }

        failing.IsDown = false;
        var declined = await Eventually.Async(
            () => buyer.GetAsync($"/api/v1/orders/{order}"),
            seen => (string?)seen["payment"]?["status"] == "declined",
            "the payment to be declined");
        await PostAsync(admin, adjustments, new { percentage = 20 }, "another");
        var again = new List<(HttpStatusCode Status, string Text)>();
        foreach (var (who, path, body, key, ifMatch) in requests)
        {
            var answer = await PostAsync(who, path, body, key, ifMatch);
            again.Add((answer.Status, answer.Text));
        }

        Assert.That(
            again.Select(one => one.Status),
            Is.EqualTo(new[] { HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Accepted }),
            string.Join('\n', again));
        Assert.That(await PriceAsync(shown), Is.EqualTo(13_200));
        Assert.That((string?)JsonNode.Parse(again[2].Text)!["paymentId"], Is.EqualTo((string?)declined["payment"]!["id"]), "no second attempt");
    }

    [Test]
    public async Task The_same_key_for_something_else_is_refused()
    {
        var one = await PublishedAsync();
        var other = await PublishedAsync();
        await PostAsync(admin, $"/api/v1/events/{one}/price-adjustments", new { percentage = 10 }, "reused");

        var answers = new[]
        {
            await PostAsync(admin, $"/api/v1/events/{one}/price-adjustments", new { percentage = 11 }, "reused"),
            await PostAsync(admin, $"/api/v1/events/{other}/price-adjustments", new { percentage = 10 }, "reused"),
            await PostAsync(admin, $"/api/v1/events/{one}/cancel", null, "reused"),
        };

        Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(answers.Select(answer => answer.Code), Is.All.EqualTo("idempotency-key-reused"));
        Assert.That(await PriceAsync(other), Is.EqualTo(10_000));
    }

    [Test]
    public async Task A_refusal_is_not_kept_and_keys_of_others_do_not_count()
    {
        var shown = await PublishedAsync();
        var adjustments = $"/api/v1/events/{shown}/price-adjustments";
        var buyer = await TicketBoothApi.NewBuyerAsync(host);

        var refused = await PostAsync(admin, adjustments, new { percentage = 0 }, "second-thoughts");
        var accepted = await PostAsync(admin, adjustments, new { percentage = 10 }, "second-thoughts");
        var forbidden = await PostAsync(buyer, adjustments, new { percentage = 10 }, "second-thoughts");

        Assert.That(
            (refused.Status, accepted.Status, forbidden.Status),
            Is.EqualTo((HttpStatusCode.UnprocessableEntity, HttpStatusCode.OK, HttpStatusCode.Forbidden)));
    }

    [Test]
    public async Task An_order_takes_the_quoted_form_too()
    {
        var shown = await PublishedAsync();
        var buyer = await TicketBoothApi.NewBuyerAsync(host);

        var first = await PostAsync(buyer, "/api/v1/orders", new { eventId = shown, quantity = 1 }, "one-seat");
        var second = await PostAsync(buyer, "/api/v1/orders", new { eventId = shown, quantity = 1 }, "\"one-seat\"");

        Assert.That((first.Status, second.Status), Is.EqualTo((HttpStatusCode.Created, HttpStatusCode.Created)));
        Assert.That(second.Text, Is.EqualTo(first.Text));
    }

    [Test]
    public async Task A_payment_and_a_sign_up_sent_twice_are_answered_alike()
    {
        var shown = await PublishedAsync();
        var buyer = await TicketBoothApi.NewBuyerAsync(host);
        var order = (await buyer.OrderAsync(shown))["id"]!;
        var account = new { name = "Ana", email = "ana-twice@example.com", password = "a-long-enough-password" };
        var anybody = new TicketBoothApi(host.Client);

        foreach (var (who, path, body) in new (TicketBoothApi, string, object)[]
        {
            (buyer, $"/api/v1/orders/{order}/payment", new { method = "pix" }),
            (anybody, "/api/v1/accounts", account),
        })
        {
            var first = await PostAsync(who, path, body, "once");
            var second = await PostAsync(who, path, body, "once");
            Assert.That((int)first.Status, Is.InRange(200, 299), first.Text);
            Assert.That((second.Status, second.Text), Is.EqualTo((first.Status, first.Text)));
        }
    }

    [Test]
    public async Task A_key_that_cannot_be_read_is_refused_everywhere()
    {
        var answers = await Task.WhenAll(new[] { "/api/v1/orders", "/api/v1/events", "/api/v1/accounts/sign-out" }
            .Select(path => PostAsync(admin, path, new { }, "\"never closed")));

        Assert.That(answers.Select(answer => answer.Status), Is.All.EqualTo(HttpStatusCode.UnprocessableEntity));
        Assert.That(answers.Select(answer => (string?)JsonNode.Parse(answer.Text)!["errors"]!["idempotencyKey"]![0]), Has.None.Null);
    }

    [Test]
    public void Only_these_posts_do_without()
    {
        var exceptions = host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IdempotencyKeyUse>() is not null)
            .Select(endpoint => endpoint.RoutePattern.RawText);

        Assert.That(exceptions, Is.EquivalentTo(new[]
        {
            "/api/v1/orders",                            // keeps its keys with the orders
            "/api/v1/webhooks/payments",                 // knows a repeated message by its webhook-id
            "/api/v1/accounts/token",                    // answers with secrets
            "/api/v1/staff/invitations",                 // likewise: what sets a password is stored nowhere
            "/api/v1/staff/invitations/{id:guid}/renew", // likewise
            "/api/v1/events/{id:guid}/pricing/dry-run",  // changes nothing
            "/api/v1/accounts/password-reset",           // answers the same whatever happens
            "/api/v1/accounts/guest",                    // likewise
            "/api/v1/accounts/guest/confirm",            // answers with secrets, and a token holds once
            "/api/v1/accounts/password",                 // a token holds once
            "/api/v1/accounts/confirm",                  // likewise
            "/api/v1/checkins",                          // knows a repeated scan by its scanId
            "/api/v1/checkins/{scanId:guid}/undo",       // likewise
            "/backoffice/door-token",                    // answers with a secret
        }));
    }

    private static async Task<(HttpStatusCode Status, string Text, string? Code, string? Location)> PostAsync(
        TicketBoothApi who, string path, object? body, string key, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        using var answer = await who.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        return (answer.StatusCode, text, answer.IsSuccessStatusCode ? null : (string?)JsonNode.Parse(text)?["code"], answer.Headers.Location?.ToString());
    }

    private async Task<string> PublishedAsync() => (string)(await admin.PublishEventAsync(TicketBoothApi.EventBody()))["id"]!;

    private async Task<long> PriceAsync(string eventId) => (long)(await admin.GetAsync($"/api/v1/events/{eventId}"))["tiers"]![0]!["price"]!;

    /// <summary>Loses answers, as a host does that dies between the act and the answer.</summary>
    private sealed class FailingStore(IAnsweredRequests own) : IAnsweredRequests
    {
        public bool IsDown { get; set; }

        public Task<(bool IsMine, AnsweredRequest Request)> ReserveAsync(string id, AnsweredRequest request, DateTimeOffset validFrom) =>
            own.ReserveAsync(id, request, validFrom);

        public Task AnswerAsync(string id, Guid operationId, StoredAnswer answer) =>
            IsDown ? throw new InvalidOperationException("The host dies here.") : own.AnswerAsync(id, operationId, answer);

        public Task EndAsync(string id, Guid operationId) => own.EndAsync(id, operationId);

        public Task RemoveAsync(string id, Guid operationId) => own.RemoveAsync(id, operationId);

        public Task ForgetAsync(DateTimeOffset before) => own.ForgetAsync(before);
    }
}
