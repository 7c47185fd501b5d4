using System.Text;
using TicketBooth.Payments.Paying;
using static TicketBooth.Payments.Paying.CardNumbers;

namespace TicketBooth.Payments.Tests.Paying;

[TestFixture]
public sealed class CardNumbersTests
{
    // The test numbers that the card schemes publish.
    [TestCase("4111111111111111")]
    [TestCase("4222222222222")]
    [TestCase("5555555555554444")]
    [TestCase("378282246310005")]
    [TestCase("30569309025904")]
    [TestCase("6304000000000000000")]
    [TestCase("4111 1111 1111 1111")]
    [TestCase("4111-1111-1111-1111")]
    [TestCase("4111.1111.1111.1111")]
    [TestCase("4111_1111_1111_1111")]
    [TestCase("4111 - 1111 - 1111 - 1111")]
    [TestCase("4111\u00a01111\u20111111\u20131111")]
    [TestCase("\uff14\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11")]
    [TestCase("tok_4111111111111111")]
    [TestCase("card: 4111111111111111, cvv 123")]
    [TestCase("00004111111111111111123")]
    public void Finds(string text) => Assert.That(AreIn(text), Is.True);

    [TestCase("")]
    [TestCase("tok_approve")]
    [TestCase("4111111111111113")]
    [TestCase("3071269749820")]
    [TestCase("8395542922096466174")]
    [TestCase("411111111111")]
    [TestCase("4111a1111b1111c1111")]
    [TestCase("2026-03-01")]
    public void Lets_pass(string text) => Assert.That(AreIn(text), Is.False);

    [TestCase("""{"method":"card","token":"4111111111111111"}""")]
    [TestCase("""{"method":"card","token":4111111111111111}""")]
    [TestCase("""{"method":"card","token":4.111111111111111e15}""")]
    [TestCase("""{"method":"card","token":"tok_approve","note":{"deep":[1,["4111 1111 1111 1111"]]}}""")]
    [TestCase("""{"method":"card","token":"tok_approve","4111-1111-1111-1111":true}""")]
    [TestCase("""{"method":"card","token":"\u0034111111111111111"}""")]
    [TestCase("""{"token":"4111111111111111","token":"tok_approve"}""")]
    [TestCase("""{"token":"4111111111111111" """)]
    [TestCase("number=4111111111111111")]
    public void Finds_it_anywhere_in_a_body(string body) => Assert.That(LookInto(Encoding.UTF8.GetBytes(body)), Is.EqualTo(Finding.CardNumber));

    [TestCase("""{"method":"card","token":"tok_approve"}""", ExpectedResult = Finding.None)]
    [TestCase("""{"method":"pix"}""", ExpectedResult = Finding.None)]
    [TestCase("""{"method":""", ExpectedResult = Finding.NotJson)]
    [TestCase("", ExpectedResult = Finding.NotJson)]
    [TestCase("""{"token":"\ud800"}""", ExpectedResult = Finding.NotJson)]
    public object Tells_a_clean_body_from_one_that_is_no_JSON(string body) => LookInto(Encoding.UTF8.GetBytes(body));
}

[TestFixture]
public sealed class CardNumbersProperties
{
    private static readonly string[] Separators = ["", "", "", " ", "-", ".", "_", "  ", " - ", "\u2011"];

    [FsCheck.NUnit.Property(MaxTest = 1_000)]
    public bool Every_number_with_a_right_check_digit_is_found_however_it_is_written(int seed, string before, string after)
    {
        var random = new Random(seed);
        var digits = Enumerable.Range(0, random.Next(12, 19)).Select(_ => random.Next(10)).ToList();
        digits.Add((10 - (LuhnSum(digits) % 10)) % 10);
        var written = string.Concat(digits.Select(digit => digit + Separators[random.Next(Separators.Length)]));
        return CardNumbers.AreIn(before + written + after);
    }

    [FsCheck.NUnit.Property(MaxTest = 1_000)]
    public bool Fewer_than_thirteen_digits_are_never_taken_for_one(int seed)
    {
        var random = new Random(seed);
        return !CardNumbers.AreIn(string.Concat(Enumerable.Range(0, 12).Select(_ => random.Next(10) + Separators[random.Next(Separators.Length)])));
    }

    /// <summary>The textbook's way: from the right, the last digit of the payload is doubled.</summary>
    private static int LuhnSum(List<int> payload) => payload.AsEnumerable().Reverse().Select((digit, place) => place % 2 == 0 ? (digit * 2 / 10) + (digit * 2 % 10) : digit).Sum();
}
