using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Accounts.Contracts;
using TicketBooth.BuildingBlocks.Messaging.DeadLetters;
using TicketBooth.BuildingBlocks.Messaging.Modules;
using TicketBooth.BuildingBlocks.Messaging.Outbox;
using TicketBooth.Notifications.Contracts;
using TicketBooth.Notifications.Storage;
using TicketBooth.Notifications.Tests.Support;

namespace TicketBooth.Notifications.Tests;

/// <summary>Mails to a person who was erased.</summary>
internal sealed class ForgettingTests(Engine engine) : StoreFixture(engine)
{
    private static readonly Guid Ana = Guid.CreateVersion7();

    [Test]
    public async Task Waiting_mails_are_not_sent_and_those_that_were_name_nobody_however_often_it_is_told()
    {
        await AddAsync(Of("waiting", Ana, "ana@example.com"), Of("sent", Ana, "former@example.com", MailState.Sent), Of("guest", null, "ANA@example.com", MailState.Sent), Of("other", Guid.CreateVersion7(), "bia@example.com"));
        var file = await WriteFileAsync("Ana <ana@example.com>");
        var former = await WriteFileAsync("former@example.com");
        var others = await WriteFileAsync("bia@example.com");

        await TellAsync(confirmed: true);
        await TellAsync(confirmed: true);

        var mails = (await MailsAsync()).ToDictionary(mail => mail.UniqueKey, StringComparer.Ordinal);
        Assert.Multiple(() =>
        {
            Assert.That(mails["waiting"].State, Is.EqualTo(MailState.Skipped));
            Assert.That(mails["sent"].State, Is.EqualTo(MailState.Sent));
            foreach (var mail in new[] { mails["waiting"], mails["sent"], mails["guest"] })
            {
                Assert.That((mail.Name, mail.Email, mail.Data, mail.Failure), Is.EqualTo(((string?)null, (string?)null, (string?)null, (string?)null)), mail.UniqueKey);
            }

            Assert.That((mails["other"].Email, mails["other"].State), Is.EqualTo(("bia@example.com", MailState.Waiting)));
            Assert.That((File.Exists(file), File.Exists(former), File.Exists(others)), Is.EqualTo((false, false, true)));
        });
    }

    [Test]
    public async Task Who_is_sending_a_mail_of_an_erased_person_learns_of_it()
    {
        await AddAsync(Of("under-way", Ana, "ana@example.com"));
        await using var scope = Host.App.Services.CreateAsyncScope();
        var queue = scope.ServiceProvider.GetRequiredService<MailQueue>();
        var taken = (await queue.ClaimAsync(await queue.FindDueAsync(10, Now, CancellationToken.None), Guid.NewGuid(), Now, CancellationToken.None)).Single();
        Assert.That(await queue.IsForgottenAsync(taken), Is.False);

        await TellAsync(confirmed: true);

        Assert.That(await queue.EndAsync(taken, MailState.Sent, "ana@example.com", "en", Now), Is.False);
        Assert.That(await queue.IsForgottenAsync(taken), Is.True);
        Assert.That((await MailsAsync()).Single().Email, Is.Null);
    }

    [Test]
    public async Task An_address_that_nobody_has_proven_removes_no_mail_of_others()
    {
        await AddAsync(Of("mine", Ana, "ana@example.com"), Of("of-the-real-owner", Guid.CreateVersion7(), "ana@example.com"));

        await TellAsync(confirmed: false);

        var mails = (await MailsAsync()).ToDictionary(mail => mail.UniqueKey, StringComparer.Ordinal);
        Assert.That((mails["mine"].Email, mails["of-the-real-owner"].Email), Is.EqualTo(((string?)null, "ana@example.com")));
    }

    [Test]
    public async Task Failed_messages_with_the_address_go_and_the_one_about_the_erasure_stays()
    {
        var letters = Host.App.Services.GetRequiredService<IDeadLetters>();
        var asked = new GuestAccessAsked(Guid.CreateVersion7(), "", "ana@example.com", null, "token", Now, Now);
        await letters.AddAsync("Notifications", "accounts", MessageCodec.Encode(asked, asked.AccountId, Now), "broken");
        await letters.AddAsync("Dashboard", "accounts", MessageCodec.Encode(Erased(confirmed: true), Ana, Now), "broken");

        await TellAsync(confirmed: true);

        var left = await letters.ListAsync(10);
        Assert.That(left.Select(letter => letter.Entry.MessageType), Is.EqualTo(new[] { MessageUrn.ForTypeString<AccountErased>() }));
        await letters.RemoveAsync(left[0].Number);
    }

    private AccountErased Erased(bool confirmed) => new(Ana, "Ana", "ana@example.com", "pt-BR", confirmed, Now);

    private Task TellAsync(bool confirmed) =>
        Host.App.Services.GetRequiredService<ModuleDeliveries>()
            .ReplayAsync(new DeadLetter(0, "Notifications", "accounts", MessageCodec.Encode(Erased(confirmed), Ana, Now), "", Now), CancellationToken.None);

    private MailRow Of(string key, Guid? account, string email, MailState state = MailState.Waiting) =>
        new()
        {
            UniqueKey = key,
            Kind = "password-changed",
            State = state,
            AccountId = account,
            Name = "Ana",
            Email = email,
            Language = "en",
            Data = """{"at":"2026-12-01T20:00:00Z"}""",
            Failure = $"550 <{email}> unknown",
            CreatedAt = Now,
            NextTryAt = Now,
            DoneAt = state == MailState.Waiting ? null : Now,
        };

    private async Task<string> WriteFileAsync(string to)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Host.Folder, "mails")).FullName;
        var file = Path.Combine(folder, $"{Guid.NewGuid():N}.eml");
        await File.WriteAllTextAsync(file, $"From: house@example.com\r\nTo: {to}\r\nSubject: Hello\r\n\r\nText\r\n");
        return file;
    }
}
