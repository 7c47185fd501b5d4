using System.ComponentModel.DataAnnotations;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using TicketBooth.Payments.Gateways.Sandbox;

namespace TicketBooth.Payments.Tests.Gateways;

[TestFixture]
internal sealed class BrCodeTests
{
    private static readonly PixPayee Payee = new("pix@ticketbooth.example", "TICKETBOOTH SANDBOX", "SAO PAULO");
    private static readonly Guid Payment = Guid.Parse("019ca2b4-7c00-7000-8000-00000000000a");

    // Published by the Central Bank (Manual de Padrões para Iniciação do Pix, a static and a dynamic code) and by EMVCo.
    [TestCase(
        "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D",
        "Fulano de Tal", "BRASILIA")]
    [TestCase(
        "00020101021226700014br.gov.bcb.pix2548pix.example.com/8b3da2f39a4140d1a91abd93113bd4415204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***630464E4",
        "Fulano de Tal", "BRASILIA")]
    [TestCase(
        "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.72"
            + "53031565502016233030412340603***0708A60086670902ME91320016A0112233449988770708123456786304A13A",
        "BEST TRANSPORT", "BEIJING")]
    public void The_reader_of_these_tests_reads_published_codes(string published, string name, string city)
    {
        var code = BrCodeReader.Read(published);

        Assert.That((code["59"], code["60"]), Is.EqualTo((name, city)));
    }

    [TestCase("5913Fulano de Tal", "5913Fulana de Tal", Description = "another payee")]
    [TestCase("5802BR", "5803BR", Description = "a wrong length")]
    [TestCase("63041D3D", "63041D3E")]
    [TestCase("63041D3D", "")]
    public void The_reader_of_these_tests_refuses_a_damaged_code(string part, string instead)
    {
        const string Published = "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913Fulano de Tal6008BRASILIA62070503***63041D3D";

        Assert.That(() => BrCodeReader.Read(Published.Replace(part, instead, StringComparison.Ordinal)), Throws.InstanceOf<FormatException>());
    }

    [TestCase(1, "0.01")]
    [TestCase(12_550, "125.50")]
    [TestCase(100_000_00, "100000.00")]
    [TestCase(999_999_999_999, "9999999999.99")]
    public void Says_whom_it_pays_how_much_and_for_what(long cents, string amount)
    {
        var code = BrCodeReader.Read(BrCode.Of(Payee, cents, Payment));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(code.Ids, Is.EqualTo(new[] { "00", "01", "26", "52", "53", "54", "58", "59", "60", "62", "63" }));
            Assert.That(code["01"], Is.EqualTo("12"), "for one payment");
            Assert.That(code.Template("26")["00"], Is.EqualTo("br.gov.bcb.pix"));
            Assert.That(code.Template("26")["01"], Is.EqualTo("pix@ticketbooth.example"));
            Assert.That((code["52"], code["53"], code["58"]), Is.EqualTo(("0000", "986", "BR")));
            Assert.That((code["54"], code["59"], code["60"]), Is.EqualTo((amount, "TICKETBOOTH SANDBOX", "SAO PAULO")));
            Assert.That(code.Template("62")["05"], Does.Match("^[0-9A-Z]{25}$"));
        }
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(1_000_000_000_000)]
    public void An_amount_that_does_not_fit_into_the_field_is_a_bug(long cents) =>
        Assert.That(() => BrCode.Of(Payee, cents, Payment), Throws.InstanceOf<ArgumentOutOfRangeException>());

    [FsCheck.NUnit.Property(MaxTest = 500, Arbitrary = [typeof(Payments)])]
    public void Whatever_the_settings_and_the_payment_a_bank_reads_what_was_meant(PixPayee payee, PositiveInt cents, Guid paymentId)
    {
        var text = BrCode.Of(payee, cents.Get, paymentId);

        var code = BrCodeReader.Read(text);
        Assert.That(ProblemsWith(payee), Is.Empty);
        Assert.That(text, Has.All.InRange(' ', '~'));
        Assert.That(new PixPayee(code.Template("26")["01"], code["59"], code["60"]), Is.EqualTo(payee));
        Assert.That(decimal.Parse(code["54"], CultureInfo.InvariantCulture), Is.EqualTo(cents.Get / 100m));
        Assert.That(code.Template("62")["05"], Does.Match("^[0-9A-Z]{25}$"));
    }

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public void Two_payments_have_two_transaction_ids(Guid one, Guid other) =>
        Assert.That(BrCode.TransactionIdOf(one) == BrCode.TransactionIdOf(other), Is.EqualTo(one == other));

    [FsCheck.NUnit.Property(MaxTest = 1_000)]
    public void A_setting_that_is_accepted_fits_into_the_code(NonNull<string> typed)
    {
        foreach (var payee in new[] { Payee with { Name = typed.Get }, Payee with { City = typed.Get }, Payee with { Key = typed.Get } })
        {
            if (ProblemsWith(payee).Count == 0)
            {
                var code = BrCodeReader.Read(BrCode.Of(payee, 1, Payment));
                Assert.That(new PixPayee(code.Template("26")["01"], code["59"], code["60"]), Is.EqualTo(payee));
            }
        }
    }

    [TestCase("12345678909", Description = "CPF")]
    [TestCase("12345678000195", Description = "CNPJ")]
    [TestCase("12ABC34501DE35", Description = "CNPJ with letters, as given since 2026")]
    [TestCase("+5561912345678")]
    [TestCase("fulano_da_silva.recebedor@example.com")]
    [TestCase("123e4567-e12b-12d1-a456-426655440000")]
    public void Each_kind_of_key_is_accepted(string key) => Assert.That(ProblemsWith(Payee with { Key = key }), Is.Empty);

    [TestCase("Name", "")]
    [TestCase("Name", "CASSINO SÃO JOÃO")]
    [TestCase("Name", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")]
    [TestCase("Name", " CASINO")]
    [TestCase("Name", "CASINO\n")]
    [TestCase("City", "")]
    [TestCase("City", "SAO JOSE DOS CAMPOS")]
    [TestCase("City", "SAO PAULO ")]
    [TestCase("Key", "")]
    [TestCase("Key", "me")]
    [TestCase("Key", "123.456.789-09")]
    [TestCase("Key", "Fulano@example.com")]
    [TestCase("Key", "a@b@c")]
    [TestCase("Key", "123e4567-e12b-12d1-a456-426655440000\n")]
    public void A_setting_that_no_bank_would_read_is_refused(string field, string value)
    {
        var payee = field switch
        {
            "Name" => Payee with { Name = value },
            "City" => Payee with { City = value },
            _ => Payee with { Key = value },
        };

        Assert.That(ProblemsWith(payee).Single().MemberNames, Is.EqualTo(new[] { "Pix" + field }));
    }

    [Test]
    public void The_settings_are_right_as_they_are() => Assert.That(ProblemsWith(new SandboxOptions()), Is.Empty);

    private static List<ValidationResult> ProblemsWith(PixPayee payee) =>
        ProblemsWith(new SandboxOptions { PixKey = payee.Key, PixName = payee.Name, PixCity = payee.City });

    private static List<ValidationResult> ProblemsWith(SandboxOptions options)
    {
        var problems = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true);
        return problems;
    }

    /// <summary>Payees of every length and every sign that the settings allow.</summary>
    internal static class Payments
    {
        public static Arbitrary<PixPayee> Payees() => Arb.From(
            from key in Gen.OneOf(
                Gen.Elements("12345678909", "12ABC34501DE35", "+5561912345678", "a@b", "123e4567-e12b-12d1-a456-426655440000"),
                Gen.Choose(1, 64).Select(length => new string('a', length) + "@example.com"))
            from name in Text(25)
            from city in Text(15)
            select new PixPayee(key, name, city));

        private static Gen<string> Text(int longest) =>
            from length in Gen.Choose(1, longest)
            from signs in Gen.Choose(' ', '~').Select(sign => (char)sign).ArrayOf(length)
            select new string(signs).Trim() is { Length: > 0 } text ? text : "X";
    }
}
