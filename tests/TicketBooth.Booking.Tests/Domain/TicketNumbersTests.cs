using TicketBooth.Booking.Domain;

namespace TicketBooth.Booking.Tests.Domain;

internal sealed class TicketNumbersTests
{
    [TestCase("1-20, 35", "1-20, 35")]
    [TestCase("35,1-20", "1-20, 35")]
    [TestCase("3, 2,1", "1-3")]
    [TestCase("1-5, 4-9, 9", "1-9")]
    [TestCase(" 7 ", "7")]
    [TestCase("1–4", "1-4")]
    [TestCase("65535", "65535")]
    public void Reads_what_people_write(string text, string read) => Assert.That(TicketNumbers.TextOf(TicketNumbers.Parse(text)!), Is.EqualTo(read));

    [TestCase("")]
    [TestCase("1-")]
    [TestCase("-3")]
    [TestCase("5-1")]
    [TestCase("0")]
    [TestCase("1,,2")]
    [TestCase("1-2-3")]
    [TestCase("1.5")]
    [TestCase("one")]
    [TestCase("65536")]
    [TestCase("99999999999")]
    public void Refuses_what_no_ticket_is_called(string text) => Assert.That(TicketNumbers.Parse(text), Is.Null);
}
