using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Tests.Kernel;

public sealed class TextRulesTests
{
    [TestCase("Noite de Jazz: João & amigos", true, true, true)]
    [TestCase("ليلة الجاز", true, true, true)]
    [TestCase("ערב ג׳אז", true, true, true)]
    [TestCase("👩‍👩‍👧 Família 🎷", true, true, true)]
    [TestCase("", true, true, false)]
    [TestCase("   ", true, true, false)]
    [TestCase("\u200b\u200d", true, true, false)]
    [TestCase("Two\nlines\r\n\tand a tab", false, true, false)]
    [TestCase("Bell\u0007", false, false, false)]
    [TestCase("Next\u0085line", false, false, false)]
    [TestCase("Line\u2028separator", false, false, false)]
    [TestCase("Jazz \u202egnp.exe", false, false, false)]
    [TestCase("\u2066Jazz\u2069", false, false, false)]
    [TestCase("Jazz\u200f", false, false, false)]
    [TestCase("Jazz\u061c", false, false, false)]
    [TestCase("Jazz\ufffe", false, false, false)]
    [TestCase("Jazz\u0378", false, false, false)]
    [TestCase("Jazz\ue000", false, false, false)]
    public void Says_what_is_one_line_a_text_and_a_name(string text, bool isOneLine, bool isText, bool isName) => Assert.That(
        (TextRules.IsOneLine(text), TextRules.IsText(text), TextRules.IsName(text)), Is.EqualTo((isOneLine, isText, isName)));

    [Test]
    public void Half_a_character_is_nothing_of_them() => Assert.That(
        (TextRules.IsOneLine("Jazz\ud83c"), TextRules.IsText("\udf77"), TextRules.IsName("Jazz\ud83c")), Is.EqualTo((false, false, false)));
}
