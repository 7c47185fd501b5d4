using System.Text;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Tests.Kernel;

public sealed class PlainTextTests
{
    // By number: an attribute cannot hold half a surrogate pair.
    [TestCase(0xFFFE)]
    [TestCase(0xD800)]
    [TestCase(0xDC00)]
    public void What_is_no_character_becomes_the_replacement_character(int unit) =>
        Assert.That(PlainText.Normalized($"a{(char)unit}b", NormalizationForm.FormC), Is.EqualTo("a\uFFFDb"));

    [TestCase("Sa\u0303o", "S\u00E3o")]
    [TestCase("S\u00E3o", "S\u00E3o")]
    [TestCase("\U0001F600", "\U0001F600")]
    [TestCase("Sao", "Sao")]
    [TestCase("", "")]
    public void All_other_text_is_normalized(string text, string expected) =>
        Assert.That(PlainText.Normalized(text, NormalizationForm.FormC), Is.EqualTo(expected));
}
