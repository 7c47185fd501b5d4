using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;
using SmtpServer.Protocol;
using TicketBooth.Notifications.Contracts;
using TicketBooth.Notifications.Storage;
using TicketBooth.Notifications.Tests.Support;
using TicketBooth.Testing;

namespace TicketBooth.Notifications.Tests;

/// <summary>The whole way: what people do over REST, and what arrives at a mail server.</summary>
internal sealed partial class SendingTests
{
    private const string Password = "a-long-enough-password";

    private Mailbox mailbox = null!;
    private TestHost host = null!;
    private TicketBoothApi admin = null!;
    private int people;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        mailbox = await Mailbox.StartAsync();
        host = await TestHost.StartAsync(settings: [.. mailbox.Settings, ("Notifications:PerMinute", "12000"), ("House:Name", "Cassino Central"), ("House:Email", "bilheteria@cassino.example")]);
        admin = await TicketBoothApi.AdminAsync(host);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await host.DisposeAsync();
        await mailbox.DisposeAsync();
    }

    [Test]
    public async Task Who_signs_up_confirms_the_address_with_the_mail_that_comes()
    {
        var (email, _) = await SignUpAsync("pt-BR");
        var mail = await mailbox.WaitForAsync(email, "Confirme seu endereço");

        using var confirmed = await host.Client.PostAsync("/api/v1/accounts/confirm", Json(new JsonObject { ["token"] = TokenIn(mail) }));

        Assert.Multiple(() =>
        {
            Assert.That((int)confirmed.StatusCode, Is.EqualTo(204));
            Assert.That(mail.From.Mailboxes.Single(), Is.EqualTo(new MailboxAddress("Cassino Central", "bilheteria@cassino.example")));
            Assert.That(mail.Headers["Auto-Submitted"], Is.EqualTo("auto-generated"));
            Assert.That(mail.TextBody, Does.Contain("Olá,").And.Not.Contains("Ana,"), "anybody may have typed the name");
            Assert.That(mail.HtmlBody, Does.Contain("Olá,").And.Not.Contains("Ana,"));
        });
    }

    [Test]
    public async Task Who_forgot_the_password_chooses_another_one_with_the_mail_that_comes()
    {
        var (email, _) = await SignUpAsync("en");
        using var asked = await host.Client.PostAsync("/api/v1/accounts/password-reset", Json(new JsonObject { ["email"] = email }));
        var mail = await mailbox.WaitForAsync(email, "Choose a new password");

        using var set = await host.Client.PutAsync("/api/v1/accounts/password", Json(new JsonObject { ["token"] = TokenIn(mail), ["newPassword"] = "another-long-password" }));
        await TicketBoothApi.SignInAsync(host, email, "another-long-password");

        Assert.That(((int)asked.StatusCode, (int)set.StatusCode), Is.EqualTo((202, 204)));
        var told = await mailbox.WaitForAsync(email, "Your password was changed");
        Assert.That(told.TextBody, Does.Contain("Hello Ana,"));
    }

    [Test]
    public async Task A_purchase_by_Pix_is_told_with_its_code_and_when_it_is_paid()
    {
        var (email, buyer) = await SignUpAsync("en");
        var of = await admin.PublishEventAsync(TicketBoothApi.EventBody());
        buyer.Client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("pt-BR");
        var order = await buyer.OrderAsync((string)of["id"]!, 2);
        var payment = await buyer.SendAsync(HttpMethod.Post, $"/api/v1/orders/{order["id"]}/payment", new JsonObject { ["method"] = "pix" });
        var code = (string)payment["pix"]!["code"]!;

        var mail = await Eventually.Async(
            () => Task.FromResult(mailbox.To(email).FirstOrDefault(one => one.Subject!.Contains("pague até", StringComparison.Ordinal) || one.Subject.Contains("Seus ingressos", StringComparison.Ordinal))),
            one => one is not null,
            "the mail about the order");

        // The sandbox pays by itself after a while: whichever comes first, the language is that of the order.
        Assert.That(mail!.TextBody, Does.Contain(mail.Subject!.StartsWith("Seu pedido", StringComparison.Ordinal) ? code : "Bossa Nova Night"));
    }

    [Test]
    public async Task A_paid_order_and_its_refund_are_told_once_each()
    {
        var (email, buyer) = await SignUpAsync("en");
        var of = await admin.PublishEventAsync(TicketBoothApi.EventBody());
        var order = await PaidOrderAsync(buyer, of);
        var paid = await mailbox.WaitForAsync(email, "Your tickets for Bossa Nova Night");
        await buyer.SendAsync(HttpMethod.Post, $"/api/v1/orders/{order}/cancel");
        var refunded = await mailbox.WaitForAsync(email, "Refund of your order");

        Assert.Multiple(() =>
        {
            Assert.That(paid.TextBody, Does.Contain("Standard: no. 1").And.Contain("Grand Hall"));
            Assert.That(PdfOf(paid), Does.StartWith("%PDF-"));
            Assert.That(refunded.TextBody, Does.Contain("R$100.00"));
            Assert.That(mailbox.To(email).Select(mail => mail.MessageId), Is.Unique);
        });
    }

    [Test]
    public async Task Who_buys_at_the_counter_and_gives_an_address_gets_the_tickets_there()
    {
        var of = await admin.PublishEventAsync(TicketBoothApi.EventBody(name: "Counter Show"));
        var email = $"counter-{Guid.NewGuid():N}@example.com";
        await admin.SendAsync(HttpMethod.Post, "/api/v1/shifts", new JsonObject { ["float"] = 0 });
        await admin.SendAsync(HttpMethod.Post, "/api/v1/counter-sales", new JsonObject
        {
            ["eventId"] = (string)of["id"]!,
            ["quantity"] = 1,
            ["method"] = "card_terminal",
            ["reference"] = "T-1",
            ["buyerName"] = "Bia",
            ["email"] = email,
            ["language"] = "pt-BR",
        });

        var mail = await mailbox.WaitForAsync(email, "Counter Show");
        Assert.That(mail.TextBody, Does.Contain("Bia"));
        Assert.That(PdfOf(mail), Does.StartWith("%PDF-"));
    }

    [Test]
    public async Task Buyers_learn_of_a_new_date_and_of_a_cancelation_but_not_of_their_refund_besides()
    {
        var (email, buyer) = await SignUpAsync("en");
        var body = TicketBoothApi.EventBody(name: "Moving Show");
        var of = await admin.PublishEventAsync(body);
        await PaidOrderAsync(buyer, of);
        await mailbox.WaitForAsync(email, "Your tickets for Moving Show");

        var moved = body.DeepClone().AsObject();
        moved["startsAt"] = TimeProvider.System.GetUtcNow().AddDays(40);
        moved["confirmed"] = true;
        moved["tiers"]![0]!["id"] = (string)of["tiers"]![0]!["id"]!;
        await admin.SendAsync(HttpMethod.Put, $"/api/v1/events/{of["id"]}", moved);
        var postponed = await mailbox.WaitForAsync(email, "Moving Show has a new date");
        await admin.SendAsync(HttpMethod.Post, $"/api/v1/events/{of["id"]}/cancel");
        var canceled = await mailbox.WaitForAsync(email, "Moving Show is canceled");
        await WaitUntilNothingWaitsAsync();

        Assert.Multiple(() =>
        {
            Assert.That(postponed.TextBody, Does.Contain("Date and time, before").And.Contain("Date and time, now"));
            Assert.That(canceled.TextBody, Does.Contain("R$100.00 go back to you"));
            Assert.That(mailbox.To(email).Select(mail => mail.Subject), Has.None.Contains("Refund"));
        });
    }

    [Test]
    public async Task What_the_server_refuses_for_good_is_dead_and_what_it_puts_off_is_tried_again_under_the_same_id()
    {
        var refused = $"gone-{Guid.NewGuid():N}@example.com";
        var busy = $"busy-{Guid.NewGuid():N}@example.com";
        var first = new List<string>();
        mailbox.Answer = mail =>
        {
            if (mail.To.Mailboxes.Single().Address == refused)
            {
                return new SmtpResponse(SmtpReplyCode.MailboxUnavailable, "no such mailbox");
            }

            if (mail.To.Mailboxes.Single().Address == busy && first.Count == 0)
            {
                first.Add(mail.MessageId!);
                return new SmtpResponse(SmtpReplyCode.ServiceUnavailable, "later");
            }

            return null;
        };
        await SignUpAsync("en", refused);
        await SignUpAsync("en", busy);

        var dead = await StoredAsync(refused, MailState.Dead);
        await Eventually.Async(() => WithAsync(db => db.Mails.AnyAsync(mail => mail.Email == busy && mail.Failure != null)), failed => failed, "the first try to fail");
        await WithAsync(db => db.Mails.Where(mail => mail.Email == busy).ExecuteUpdateAsync(set => set.SetProperty(mail => mail.NextTryAt, TimeProvider.System.GetUtcNow())));
        var sent = await mailbox.WaitForAsync(busy, "Confirm");

        Assert.Multiple(() =>
        {
            Assert.That((dead.Tries, dead.Failure), Is.EqualTo((1, "550 no such mailbox")));
            Assert.That(sent.MessageId, Is.EqualTo(first.Single()));
        });
    }

    [Test]
    public async Task A_mail_to_what_is_no_address_is_given_up_at_its_first_try()
    {
        const string None = "a b@example.com";
        var now = TimeProvider.System.GetUtcNow();
        await WithAsync(async db =>
        {
            db.Mails.Add(new MailRow { UniqueKey = "no-address", Kind = "password-changed", State = MailState.Waiting, Email = None, Name = "Ana", Data = "{}", CreatedAt = now, NextTryAt = now });
            return await db.SaveChangesAsync();
        });

        var dead = await StoredAsync(None, MailState.Dead);

        Assert.That((dead.Tries, dead.Failure), Is.EqualTo((1, "No mail goes to such an address.")));
    }

    private static string TokenIn(MimeMessage mail) => Token().Match(mail.TextBody!).Value.Trim();

    [GeneratedRegex("^[A-Za-z0-9_-]{43}\r?$", RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Token();

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");

    private async Task<(string Email, TicketBoothApi Client)> SignUpAsync(string language, string? address = null)
    {
        var email = address ?? FormattableString.Invariant($"person-{Interlocked.Increment(ref people)}@example.com");
        using var response = await host.Client.PostAsync(
            "/api/v1/accounts", Json(new JsonObject { ["name"] = "Ana", ["email"] = email, ["password"] = Password, ["language"] = language }));
        response.EnsureSuccessStatusCode();
        return (email, await TicketBoothApi.SignInAsync(host, email, Password));
    }

    /// <summary>The document that goes along with a mail.</summary>
    private static string PdfOf(MimeMessage mail)
    {
        using var content = new MemoryStream();
        ((MimePart)mail.Attachments.Single()).Content!.DecodeTo(content);
        return System.Text.Encoding.Latin1.GetString(content.ToArray());
    }

    private static async Task<string> PaidOrderAsync(TicketBoothApi buyer, JsonObject of)
    {
        var order = await buyer.OrderAsync((string)of["id"]!);
        await buyer.PayAsync((string)order["id"]!);
        await buyer.WaitForOrderAsync((string)order["id"]!, "paid");
        return (string)order["id"]!;
    }

    private async Task<T> WithAsync<T>(Func<NotificationsDbContext, Task<T>> act)
    {
        await using var scope = host.App.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<NotificationsDbContext>());
    }

    private Task<MailRow> StoredAsync(string email, MailState state) =>
        Eventually.Async(
            () => WithAsync(db => db.Mails.AsNoTracking().FirstOrDefaultAsync(mail => mail.Email == email && mail.State == state)),
            mail => mail is not null,
            $"a mail to {email} that is {state}")!;

    private Task WaitUntilNothingWaitsAsync() =>
        Eventually.Async(
            () => WithAsync(db => db.Mails.CountAsync(mail => mail.State == MailState.Waiting && mail.Kind == "order-refunded")),
            waiting => waiting == 0,
            "the refund's mail to be decided on");
}
