using System.Security.Cryptography;
using TicketBooth.Admissions.Domain;

namespace TicketBooth.Admissions.Tests.Domain;

public sealed class CodeTests
{
    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Mutations = 10_000;

    private static readonly TicketCode Code = new(Sample.NewEvent(), 9_999, 3);

    private ECDsa key = null!;

    [SetUp]
    public void MakeKey() => key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    [TearDown]
    public void Dispose() => key.Dispose();

    [Test]
    public void Says_which_ticket_it_is_and_fits_a_small_qr_code()
    {
        var text = CodeSignature.Sign(Code, key);

        Assert.That(CodeSignature.TryRead(text, out var read), Is.True);
        Assert.That(read, Is.EqualTo(Code));
        Assert.That(CodeSignature.IsBy(key, text), Is.True);

        // A QR code of version 6 with medium correction holds 154 letters of its alphanumeric kind.
        Assert.That(text, Has.Length.EqualTo(133));
    }

    [Test]
    public void Is_read_as_people_type_it()
    {
        var text = CodeSignature.Sign(Code, key);
        var typed = string.Join("-", text.Chunk(5).Select(group => new string(group))).Replace('0', 'o').Replace('1', 'l');

        Assert.That(CodeSignature.IsBy(key, $" {typed} "), Is.True);
    }

    [Test]
    public void No_mutation_of_ten_thousand_is_admitted()
    {
        var text = CodeSignature.Sign(Code, key);
        var random = new Random(15);

        Assert.That(Enumerable.Range(0, Mutations).Select(_ => Mutated(text, random)).Where(mutated => mutated != text && CodeSignature.IsBy(key, mutated)), Is.Empty);
    }

    [Test]
    public void Every_truncation_and_every_changed_bit_is_refused()
    {
        var text = CodeSignature.Sign(Code, key);
        var bytes = new byte[83];
        Assert.That(CodeText.TryRead(text, bytes), Is.True);

        var truncated = Enumerable.Range(0, text.Length).Select(length => text[..length]);
        var changed = Enumerable.Range(0, bytes.Length * 8).Select(bit =>
        {
            var copy = bytes.ToArray();
            copy[bit / 8] ^= (byte)(1 << (bit % 8));
            return CodeText.Of(copy);
        });

        Assert.That(truncated.Concat(changed).Append(text + "0").Append("").Where(mutated => CodeSignature.IsBy(key, mutated)), Is.Empty);
    }

    [Test]
    public void The_other_signature_that_the_curve_has_for_the_same_bytes_is_refused()
    {
        for (var i = 0; i < 20; i++)
        {
            var bytes = new byte[83];
            Assert.That(CodeText.TryRead(CodeSignature.Sign(Code, key), bytes), Is.True);
            var order = new System.Numerics.BigInteger(
                Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"), isUnsigned: true, isBigEndian: true);
            var second = new System.Numerics.BigInteger(bytes.AsSpan(51), isUnsigned: true, isBigEndian: true);
            var other = (order - second).ToByteArray(isUnsigned: true, isBigEndian: true);
            bytes.AsSpan(51).Clear();
            other.CopyTo(bytes, 83 - other.Length);

            Assert.That(
                key.VerifyData(bytes.AsSpan(0, 19), bytes.AsSpan(19), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation), Is.True,
                "the curve itself accepts it");
            Assert.That(CodeSignature.IsBy(key, CodeText.Of(bytes)), Is.False);
        }
    }

    [Test]
    public void Another_events_key_has_not_signed_it()
    {
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        Assert.That(CodeSignature.IsBy(other, CodeSignature.Sign(Code, key)), Is.False);
    }

    [FsCheck.NUnit.Property(MaxTest = 500)]
    public bool Bytes_come_back_from_their_text(byte[] bytes)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        var read = new byte[bytes.Length];
        return CodeText.TryRead(CodeText.Of(bytes), read) && read.SequenceEqual(bytes);
    }

    private static string Mutated(string text, Random random)
    {
        var letters = text.ToCharArray().ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(letters.Count);
            switch (random.Next(5))
            {
                case 0:
                    letters.RemoveAt(at);
                    break;
                case 1:
                    letters.Insert(at, Digits[random.Next(Digits.Length)]);
                    break;
                case 2:
                    var other = random.Next(letters.Count);
                    (letters[at], letters[other]) = (letters[other], letters[at]);
                    break;
                case 3:
                    letters[at] = (char)random.Next(32, 0x3000);
                    break;
                default:
                    letters[at] = Digits[(Digits.IndexOf(letters[at], StringComparison.Ordinal) + random.Next(1, Digits.Length)) % Digits.Length];
                    break;
            }
        }

        // Blanks and dashes are no part of a code, and some letters are read as digits: such a text is the same code.
        var mutated = new string([.. letters]);
        Span<byte> before = stackalloc byte[83];
        Span<byte> after = stackalloc byte[83];
        return CodeText.TryRead(text, before) && CodeText.TryRead(mutated, after) && before.SequenceEqual(after) ? text : mutated;
    }
}
