using Microsoft.AspNetCore.Identity;
using TicketBooth.Accounts.SigningIn;
using TicketBooth.Accounts.Storage;

namespace TicketBooth.Accounts.Tests;

internal sealed class PasswordsTests
{
    [Test]
    public async Task An_address_with_many_requests_is_turned_away_and_comes_in_again_after()
    {
        var passwords = new Passwords(new PasswordHasher<User>());
        var working = new List<Passwords.Place?>();
        for (var i = 0; i < Environment.ProcessorCount; i++)
        {
            working.Add(await passwords.EnterAsync("a", CancellationToken.None));
        }

        var waiting = Enumerable.Range(0, Passwords.LongestQueueOfAddress).Select(_ => passwords.EnterAsync("a", CancellationToken.None)).ToList();
        var turnedAway = await passwords.EnterAsync("a", CancellationToken.None);
        var other = passwords.EnterAsync("b", CancellationToken.None);
        working[0]!.Dispose();
        (await waiting[0])!.Dispose();
        using var served = await other;
        var before = waiting.Count(place => place.IsCompleted);
        working.Skip(1).ToList().ForEach(place => place!.Dispose());
        foreach (var place in waiting.Skip(1))
        {
            (await place)!.Dispose();
        }

        using var late = await passwords.EnterAsync("a", CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That(working, Has.None.Null);
            Assert.That(turnedAway, Is.Null);
            Assert.That(served, Is.Not.Null);
            Assert.That(before, Is.EqualTo(1), "one request of the other address before the single one, and not all 64");
            Assert.That(late, Is.Not.Null);
        });
    }

    [Test]
    public async Task An_unknown_user_costs_a_hash_and_has_no_right_password()
    {
        var hasher = new Counting();
        var passwords = new Passwords(hasher);
        using var place = await passwords.EnterAsync("a", CancellationToken.None);

        var verdict = await place!.VerifyAsync(null, "whatever");

        Assert.That(verdict, Is.EqualTo(PasswordVerificationResult.Failed));
        Assert.That(hasher.Verified, Is.EqualTo(1));
    }

    /// <summary>Finds every password right.</summary>
    private sealed class Counting : IPasswordHasher<User>
    {
        public int Verified { get; private set; }

        public string HashPassword(User user, string password) => "hash";

        public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            Verified++;
            return PasswordVerificationResult.Success;
        }
    }
}
