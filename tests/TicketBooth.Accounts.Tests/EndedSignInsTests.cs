using TicketBooth.Accounts.Tokens;

namespace TicketBooth.Accounts.Tests;

internal sealed class EndedSignInsTests
{
    [Test]
    public void Forgets_those_whose_access_tokens_have_expired()
    {
        var (old, recent, at) = (Guid.NewGuid(), Guid.NewGuid(), new DateTimeOffset(2026, 12, 1, 20, 0, 0, TimeSpan.Zero));
        var ended = new EndedSignIns();
        ended.Add(old, at);
        ended.Add(recent, at.AddMinutes(1));

        ended.Forget(at.AddMinutes(1));

        Assert.Multiple(() =>
        {
            Assert.That(ended.Contains(old), Is.False);
            Assert.That(ended.Contains(recent), Is.True);
            Assert.That(ended.Contains(null), Is.False);
        });
    }
}
