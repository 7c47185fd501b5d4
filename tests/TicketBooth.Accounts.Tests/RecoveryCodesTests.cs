using TicketBooth.Accounts.Domain;

namespace TicketBooth.Accounts.Tests;

[TestFixture]
internal sealed class RecoveryCodesTests
{
    [Test]
    public void Each_code_can_be_used_once_in_any_order()
    {
        var codes = RecoveryCodes.New();
        var stored = RecoveryCodes.Store(codes);

        foreach (var code in codes.Reverse())
        {
            Assert.That(stored, Does.Not.Contain(code));
            var left = RecoveryCodes.Use(stored, code);
            Assert.That(left, Is.Not.Null);
            stored = left!;
            Assert.That(RecoveryCodes.Use(stored, code), Is.Null);
        }

        Assert.That(stored, Is.Empty);
    }

    [Test]
    public void They_are_ten_different_codes_of_sixteen_unambiguous_characters_shown_in_groups_of_four()
    {
        var codes = RecoveryCodes.New();

        Assert.That(codes, Is.Unique);
        Assert.That(codes.Select(RecoveryCodes.Display), Has.Exactly(10).Items.And.All.Matches("^([A-HJ-NP-Z2-9]{4}-){3}[A-HJ-NP-Z2-9]{4}$"));
    }
}
