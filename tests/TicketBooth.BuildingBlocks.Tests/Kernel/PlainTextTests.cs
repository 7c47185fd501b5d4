using System.Text;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Tests.Kernel;

public sealed class PlainTextTests
{
    [TestCase("\uFFFE", "\uFFFD")]
    [TestCase("a\uD800b", "a\uFFFDb")]
    [TestCase("\uDC00", "\uFFFD")]
    [TestCase("São", "São")]
    [TestCase("Sa\u0303o", "São")]
    [TestCase("\U0001F600", "\U0001F600")]
    [TestCase("", "")]
    public void Text_is_normalized_whatever_it_holds(string text, string expected) =>
        Assert.That(PlainText.Normalized(text, NormalizationForm.FormC), Is.EqualTo(expected));
}
