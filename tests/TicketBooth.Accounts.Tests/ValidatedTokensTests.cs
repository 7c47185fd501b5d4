using System.Security.Claims;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Accounts.Tokens;

namespace TicketBooth.Accounts.Tests;

internal sealed class ValidatedTokensTests
{
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 12, 1, 20, 0, 0, TimeSpan.Zero));

    [Test]
    public void Finds_what_it_was_told_and_nothing_else()
    {
        var tokens = new ValidatedTokens(new EndedSignIns(), clock, 10);
        var ana = new ClaimsIdentity();
        tokens.Remember("ana", ana, clock.GetUtcNow().AddMinutes(1));

        Assert.Multiple(() =>
        {
            Assert.That(tokens.TryFind("ana", out var found), Is.True);
            Assert.That(found!.Identity, Is.SameAs(ana));
            Assert.That(tokens.TryFind("ANA", out _), Is.False);
            Assert.That(tokens.TryFind("ana ", out _), Is.False);
        });
    }

    [Test]
    public void Forgets_a_token_at_the_moment_it_expires()
    {
        var tokens = new ValidatedTokens(new EndedSignIns(), clock, 10);
        tokens.Remember("ana", new ClaimsIdentity(), clock.GetUtcNow().AddMinutes(1));

        clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromTicks(1));
        Assert.That(tokens.TryFind("ana", out _), Is.True);
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.That(tokens.TryFind("ana", out _), Is.False);
    }

    [Test]
    public void Never_holds_more_than_its_capacity()
    {
        var tokens = new ValidatedTokens(new EndedSignIns(), clock, 100);
        var most = 0;
        for (var i = 0; i < 1000; i++)
        {
            tokens.Remember($"token-{i}", new ClaimsIdentity(), clock.GetUtcNow().AddMinutes(1));
            most = Math.Max(most, tokens.Count);
        }

        Assert.That(most, Is.EqualTo(100));
        Assert.That(tokens.TryFind("token-999", out _), Is.True);
        Assert.That(tokens.TryFind("token-0", out _), Is.False);
    }

    [Test]
    public void Keeps_what_is_asked_for_while_others_come_and_go()
    {
        var tokens = new ValidatedTokens(new EndedSignIns(), clock, 100);
        tokens.Remember("ana", new ClaimsIdentity(), clock.GetUtcNow().AddMinutes(1));
        for (var i = 0; i < 1000; i++)
        {
            tokens.Remember($"token-{i}", new ClaimsIdentity(), clock.GetUtcNow().AddMinutes(1));
            Assert.That(tokens.TryFind("ana", out _), Is.True, () => $"after {i} others");
        }
    }

    [Test]
    public async Task Holds_its_bound_when_many_write_at_once()
    {
        var tokens = new ValidatedTokens(new EndedSignIns(), clock, 200);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++)
            {
                tokens.Remember($"{writer}-{i}", new ClaimsIdentity(), clock.GetUtcNow().AddMinutes(1));
                tokens.TryFind($"{writer}-{i / 2}", out _);
            }
        })));

        Assert.That(tokens.Count, Is.InRange(1, 200));
    }

    [Test]
    public void Remembering_a_token_twice_takes_one_place()
    {
        var tokens = new ValidatedTokens(new EndedSignIns(), clock, 10);
        for (var i = 0; i < 100; i++)
        {
            tokens.Remember("ana", new ClaimsIdentity(), clock.GetUtcNow().AddMinutes(1));
        }

        Assert.That(tokens.Count, Is.EqualTo(1));
    }
}
