using Microsoft.AspNetCore.Identity;
using TicketBooth.Accounts.SigningIn;
using TicketBooth.Accounts.Storage;

namespace TicketBooth.Accounts.Tests;

internal sealed class PasswordsTests
{
    [Test]
    public async Task Turns_people_away_when_the_queue_is_full_and_lets_them_in_again_after()
    {
        using var passwords = new Passwords(new PasswordHasher<User>());
        var working = new List<Passwords.Place?>();
        for (var i = 0; i < Environment.ProcessorCount; i++)
        {
            working.Add(await passwords.EnterAsync(CancellationToken.None));
        }

        var waiting = Enumerable.Range(0, Passwords.LongestQueue).Select(_ => passwords.EnterAsync(CancellationToken.None)).ToList();
        var turnedAway = await passwords.EnterAsync(CancellationToken.None);
        working.ForEach(place => place!.Dispose());
        foreach (var place in waiting)
        {
            (await place)!.Dispose();
        }

        using var late = await passwords.EnterAsync(CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That(working, Has.None.Null);
            Assert.That(turnedAway, Is.Null);
            Assert.That(late, Is.Not.Null);
        });
    }

    [Test]
    public async Task An_unknown_user_costs_a_hash_and_has_no_right_password()
    {
        var hasher = new Counting();
        using var passwords = new Passwords(hasher);
        using var place = await passwords.EnterAsync(CancellationToken.None);

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
