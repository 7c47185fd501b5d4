using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Notifications.Contracts;
using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Storage;
using TicketBooth.Notifications.Tests.Support;

namespace TicketBooth.Notifications.Tests;

/// <summary>The queue of mails, as hosts that send share it.</summary>
internal sealed class QueueTests(Engine engine) : StoreFixture(engine)
{
    private static readonly Actor Admin = new(Guid.Parse("0199e2ee-3c10-7a44-9f21-7b8c9d0e1f2a"), "Ana");

    [Test]
    public async Task One_cause_makes_one_mail()
    {
        await AddAsync(Mail("a"), Mail("b"));
        await AddAsync(Mail("a"), Mail("c"));

        Assert.That((await MailsAsync()).Select(mail => mail.UniqueKey), Is.EqualTo(["a", "b", "c"]));
    }

    [Test]
    public async Task Of_two_hosts_that_found_the_same_mails_each_is_taken_by_one()
    {
        await AddAsync([.. Enumerable.Range(0, 40).Select(i => Mail($"m{i}"))]);
        var numbers = await DueAsync();

        var claims = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => ClaimAsync(numbers))));

        Assert.That(claims.SelectMany(mails => mails).Select(mail => mail.Number), Is.EquivalentTo(numbers));
    }

    /// <summary>The proof that the condition in the write does it: without it both hosts have the mail.</summary>
    [Test]
    public async Task Without_the_condition_two_hosts_would_send_the_same_mail()
    {
        await AddAsync(Mail("a"));
        var number = (await DueAsync()).Single();

        var first = await TakeAnywayAsync(number);
        var second = await TakeAnywayAsync(number);

        Assert.That((first, second), Is.EqualTo((1, 1)));

        Task<int> TakeAnywayAsync(long of)
        {
            var claim = Guid.NewGuid();
            return WithAsync((db, _) => db.Mails.Where(mail => mail.Number == of).ExecuteUpdateAsync(set => set.SetProperty(mail => mail.Claim, claim)));
        }
    }

    [Test]
    public async Task A_mail_of_a_host_that_died_is_taken_by_another_one_after_a_while()
    {
        await AddAsync(Mail("a"));
        await ClaimAsync(await DueAsync());
        var before = await DueAsync();
        Clock.Advance(MailQueue.LongestTry);

        var again = (await ClaimAsync(await DueAsync())).Single();

        Assert.That(before, Is.Empty);
        Assert.That(again.Tries, Is.EqualTo(2));
    }

    [Test]
    public async Task What_a_host_says_after_it_lost_a_mail_changes_nothing()
    {
        await AddAsync(Mail("a"));
        var late = (await ClaimAsync(await DueAsync())).Single();
        Clock.Advance(MailQueue.LongestTry);
        await ClaimAsync(await DueAsync());

        await WithAsync(async (_, queue) =>
        {
            await queue.FailAsync(late, "ana@example.com", "too late", isFinal: true, Now);
            return 0;
        });

        Assert.That((await MailsAsync()).Single().State, Is.EqualTo(MailState.Waiting));
    }

    [Test]
    public async Task A_mail_that_fails_is_tried_again_ever_later_and_then_given_up()
    {
        await AddAsync(Mail("a"));
        var waits = new List<TimeSpan>();
        for (var state = MailState.Waiting; state == MailState.Waiting;)
        {
            var mail = (await ClaimAsync(await DueAsync())).Single();
            await FailAsync(mail, isFinal: false);
            var stored = (await MailsAsync()).Single();
            state = stored.State;
            waits.Add(stored.NextTryAt - Now);
            Clock.Advance(stored.NextTryAt - Now);
        }

        var dead = (await MailsAsync()).Single();

        Assert.Multiple(() =>
        {
            Assert.That(waits, Has.Count.EqualTo(RetryRules.MostTries));
            Assert.That(waits[..^1], Is.Ordered);
            Assert.That((dead.State, dead.Failure, dead.DoneAt), Is.EqualTo((MailState.Dead, "451 later", (DateTimeOffset?)Now)));
        });
    }

    [Test]
    public async Task A_mail_that_is_refused_for_good_is_given_up_at_once()
    {
        await AddAsync(Mail("a"));

        await FailAsync((await ClaimAsync(await DueAsync())).Single(), isFinal: true);

        Assert.That((await MailsAsync()).Single().State, Is.EqualTo(MailState.Dead));
    }

    [Test]
    public async Task A_token_is_removed_when_its_mail_is_given_up_and_not_before()
    {
        await AddAsync(Mail("secret", MailKinds.ResetPassword));
        await FailAsync((await ClaimAsync(await DueAsync())).Single(), isFinal: false);
        var waits = (await MailsAsync()).Single();
        Clock.Advance(waits.NextTryAt - Now);

        await FailAsync((await ClaimAsync(await DueAsync())).Single(), isFinal: true);

        Assert.That((waits.Data, (await MailsAsync()).Single().Data), Is.EqualTo(("{}", (string?)null)));
    }

    [Test]
    public async Task Mails_that_were_not_tried_are_given_back_as_they_were()
    {
        await AddAsync(Mail("a"));
        var mail = (await ClaimAsync(await DueAsync())).Single();

        await WithAsync(async (_, queue) =>
        {
            await queue.PostponeAsync(mail, Now.AddSeconds(5));
            return 0;
        });
        Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.That((await ClaimAsync(await DueAsync())).Single().Tries, Is.EqualTo(1));
    }

    [Test]
    public async Task Mails_of_a_bulk_wait_for_all_others()
    {
        await AddAsync(Mail("bulk", isBulk: true));
        Clock.Advance(TimeSpan.FromMinutes(1));
        await AddAsync(Mail("reset"));

        var numbers = await DueAsync(limit: 1);

        Assert.That((await ClaimAsync(numbers)).Single().UniqueKey, Is.EqualTo("reset"));
    }

    [Test]
    public async Task A_token_is_removed_when_its_mail_is_done()
    {
        await AddAsync(Mail("secret", MailKinds.ResetPassword), Mail("open"));
        foreach (var mail in await ClaimAsync(await DueAsync()))
        {
            await WithAsync(async (_, queue) =>
            {
                await queue.EndAsync(mail, MailState.Sent, "ana@example.com", "en", Now);
                return 0;
            });
        }

        Assert.That((await MailsAsync()).Select(mail => mail.Data), Is.EqualTo([null, "{}"]));
    }

    [Test]
    public async Task Staff_send_a_dead_mail_again_but_none_that_held_a_token()
    {
        await AddAsync(Mail("dead"), Mail("waits"), Mail("secret", MailKinds.ResetPassword));
        foreach (var mail in await ClaimAsync([.. (await MailsAsync()).Where(mail => mail.UniqueKey != "waits").Select(mail => mail.Number)]))
        {
            await FailAsync(mail, isFinal: true);
        }

        var numbers = (await MailsAsync()).ToDictionary(mail => mail.UniqueKey, mail => mail.Number, StringComparer.Ordinal);
        var resent = await SendAsync(new ResendMail(numbers["dead"], Admin));
        var again = await SendAsync(new ResendMail(numbers["dead"], Admin));

        Assert.Multiple(async () =>
        {
            Assert.That((resent.Value.State, resent.Value.Tries, resent.Value.Failure), Is.EqualTo((MailState.Waiting, 0, (string?)null)));
            Assert.That(again.Error?.Code, Is.EqualTo("mail-waits"));
            Assert.That((await SendAsync(new ResendMail(numbers["waits"], Admin))).Error?.Code, Is.EqualTo("mail-waits"));
            Assert.That((await SendAsync(new ResendMail(numbers["secret"], Admin))).Error?.Code, Is.EqualTo("mail-held-secret"));
            Assert.That((await SendAsync(new ResendMail(-1, Admin))).Error?.Code, Is.EqualTo("mail-not-found"));
            Assert.That(await DueAsync(), Does.Contain(numbers["dead"]));
        });
    }

    [Test]
    public async Task Staff_find_mails_by_state_kind_and_address_page_by_page()
    {
        await AddAsync([.. Enumerable.Range(0, 5).Select(i => Mail($"m{i}"))]);
        await FailAsync((await ClaimAsync(await DueAsync(limit: 1))).Single(), isFinal: true);

        var first = (await SendAsync(new FindMails(Limit: 3))).Value;
        var second = (await SendAsync(new FindMails(Limit: 3, Cursor: first.NextCursor))).Value;

        Assert.Multiple(async () =>
        {
            Assert.That(first.Items.Concat(second.Items).Select(mail => mail.Number), Is.Ordered.Descending.And.Unique);
            Assert.That((first.Items.Count, second.Items.Count, second.NextCursor), Is.EqualTo((3, 2, (string?)null)));
            Assert.That((await SendAsync(new FindMails(MailState.Dead))).Value.Items, Has.Count.EqualTo(1));
            Assert.That((await SendAsync(new FindMails(Kind: MailKinds.OrderPaid))).Value.Items, Is.Empty);
            Assert.That((await SendAsync(new FindMails(Email: "ana@example.com"))).Value.Items, Has.Count.EqualTo(5));
            Assert.That((await SendAsync(new FindMails(Cursor: "x"))).Error?.Code, Is.EqualTo("validation-failed"));
        });
    }

    private Task<List<long>> DueAsync(int limit = 100) => WithAsync((_, queue) => queue.FindDueAsync(limit, Now, CancellationToken.None));

    private Task<List<MailRow>> ClaimAsync(IReadOnlyCollection<long> numbers) => WithAsync((_, queue) => queue.ClaimAsync(numbers, Guid.NewGuid(), Now, CancellationToken.None));

    private Task<int> FailAsync(MailRow mail, bool isFinal) => WithAsync(async (_, queue) =>
    {
        await queue.FailAsync(mail, "ana@example.com", "451 later", isFinal, Now);
        return 0;
    });

    private async Task<T> SendAsync<T>(MediatR.IRequest<T> request)
    {
        await using var scope = Host.App.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<MediatR.IMediator>().Send(request);
    }
}
