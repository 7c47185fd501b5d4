using Microsoft.Extensions.Primitives;
using TicketBooth.BuildingBlocks.Web.Idempotency;

namespace TicketBooth.BuildingBlocks.Tests.Web;

public sealed class IdempotencyKeysTests
{
    [TestCase("two-for-tango", "two-for-tango")]
    [TestCase("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324")]
    [TestCase("\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", "8e03978e-40d5-43dd-bc93-6894a57f9324")]
    [TestCase("  \"spaces around\" ", "spaces around")]
    [TestCase(@"""a \""quoted\"" word and a \\""", @"a ""quoted"" word and a \")]
    [TestCase("a\"b", "a\"b")]
    public void A_key_is_read_as_it_is_or_as_the_draft_quotes_it(string header, string key) =>
        Assert.That(IdempotencyKeys.Read(header).Value, Is.EqualTo(key));

    [TestCase("")]
    [TestCase("   ")]
    [TestCase("\"\"")]
    [TestCase("\"never closed")]
    [TestCase("\"")]
    [TestCase("\"closed\" too early\"")]
    [TestCase("\"with\";parameter=1")]
    [TestCase(@"""an \escape of nothing""")]
    [TestCase("\"ends with a backslash\\")]
    [TestCase("chave-única")]
    [TestCase("tab\tinside")]
    public void Anything_else_is_refused_by_name(string header)
    {
        var refused = IdempotencyKeys.Read(header).Error;

        Assert.That(refused?.Code, Is.EqualTo("validation-failed"));
        Assert.That(refused!.Fields!.Keys, Is.EqualTo(new[] { "idempotencyKey" }));
    }

    [Test]
    public void It_has_up_to_255_characters_and_there_is_one()
    {
        Assert.That(IdempotencyKeys.Read(new string('k', 255)).IsSuccess, Is.True);
        Assert.That(IdempotencyKeys.Read('"' + new string('k', 255) + '"').IsSuccess, Is.True);
        Assert.That(IdempotencyKeys.Read(new string('k', 256)).IsSuccess, Is.False);
        Assert.That(IdempotencyKeys.Read(new StringValues(["one", "two"])).IsSuccess, Is.False);
        Assert.That(IdempotencyKeys.Read(StringValues.Empty).IsSuccess, Is.False);
    }
}
