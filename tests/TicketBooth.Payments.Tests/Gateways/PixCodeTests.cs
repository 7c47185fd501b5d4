using System.Globalization;
using TicketBooth.Payments.Gateways.Sandbox;

namespace TicketBooth.Payments.Tests.Gateways;

[TestFixture]
public sealed class PixCodeTests
{
    private static readonly Guid Payment = Guid.Parse("019ca2b4-7c00-7000-8000-00000000000a");

    [Test]
    public void Computes_the_checksum_that_the_standard_names() => Assert.That(PixCode.Crc("123456789"), Is.EqualTo(0x29B1));

    [TestCase(1, "0.01")]
    [TestCase(12_550, "125.50")]
    [TestCase(100_000_00, "100000.00")]
    public void Is_fields_of_id_length_and_value_that_end_in_a_checksum(long cents, string amount)
    {
        var code = PixCode.For(Payment, cents);

        var fields = Parse(code);
        var account = Parse(fields[26]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(fields.Keys, Is.Ordered);
            Assert.That(fields[0], Is.EqualTo("01"));
            Assert.That(account[0], Is.EqualTo("br.gov.bcb.pix"));
            Assert.That(account[25], Does.EndWith(Payment.ToString("N")));
            Assert.That(fields[53], Is.EqualTo("986"));
            Assert.That(fields[54], Is.EqualTo(amount));
            Assert.That(fields[58], Is.EqualTo("BR"));
            Assert.That(fields[59], Has.Length.LessThanOrEqualTo(25));
            Assert.That(fields[60], Has.Length.LessThanOrEqualTo(15));
            Assert.That(Parse(fields[62])[5], Is.EqualTo("***"));
            Assert.That(fields[63], Is.EqualTo(PixCode.Crc(code[..^4]).ToString("X4", CultureInfo.InvariantCulture)));
        }
    }

    /// <summary>Throws when the text is not a row of whole fields, or a field comes twice.</summary>
    private static Dictionary<int, string> Parse(string text)
    {
        var fields = new Dictionary<int, string>();
        for (var at = 0; at < text.Length;)
        {
            var length = int.Parse(text.AsSpan(at + 2, 2), CultureInfo.InvariantCulture);
            fields.Add(int.Parse(text.AsSpan(at, 2), CultureInfo.InvariantCulture), text.Substring(at + 4, length));
            at += 4 + length;
        }

        return fields;
    }
}
