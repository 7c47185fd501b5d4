using System.Collections;
using System.Globalization;
using System.Resources;
using TicketBooth.Events.Domain.Pricing;
using TicketBooth.Events.Pricing;

namespace TicketBooth.Events.Tests.Pricing;

[TestFixture]
internal sealed class PriceWordsTests
{
    private static readonly PriceReasons Rise = new(0.36, 40, 1_440, 128, 14_400, 2_007, 1_000, 1_500, PriceLimits.Step);
    private static readonly PriceReasons Still = Rise with { To = 1_000 };

    private const string Seen = "36 % of the tickets are taken: 40 in the last 24 hours, when 13 would sell out by the close.";

    [Test]
    public void A_step_up_says_how_far_it_goes_and_where_to() => Assert.That(
        PriceWords.Explain(Rise), Is.EqualTo($"{Seen} The price goes up: demand is now +15 % of the base price instead of +10 %, one step on the way to +20.1 %."));

    [Test]
    public void A_move_that_arrives_needs_no_more_words() => Assert.That(
        PriceWords.Explain(Rise with { To = 2_007, Limits = PriceLimits.None }),
        Is.EqualTo($"{Seen} The price goes up: demand is now +20.1 % of the base price instead of +10 %."));

    [Test]
    public void A_fall_is_called_one() => Assert.That(
        PriceWords.Explain(Rise with { From = 0, To = -250, Target = -250, Limits = PriceLimits.None }),
        Is.EqualTo($"{Seen} The price goes down: demand is now -2.5 % of the base price instead of 0 %."));

    [TestCase(nameof(PriceLimits.Band), ", and +20.1 %, where it points to, is too close to move for.")]
    [TestCase(nameof(PriceLimits.Interval), ", and the next step, towards +20.1 %, is not due yet.")]
    [TestCase(nameof(PriceLimits.NoFalling), ", and although it points to +20.1 % prices of this event do not fall.")]
    [TestCase(nameof(PriceLimits.Ceiling), ", as far as the tier's ceiling lets it.")]
    [TestCase(nameof(PriceLimits.Floor), ", as far as the tier's floor lets it.")]
    [TestCase(nameof(PriceLimits.MaxIncrease), ", the most that the policy adds.")]
    [TestCase(nameof(PriceLimits.MaxDecrease), ", the most that the policy takes off.")]
    public void What_holds_a_price_is_named(string limit, string words) => Assert.That(
        PriceWords.Explain(Still with { Limits = Enum.Parse<PriceLimits>(limit) }), Is.EqualTo($"{Seen} The price stays: demand is +10 % of the base price{words}"));

    [TestCase(nameof(PriceLimits.Off), "Prices of this event do not follow demand.")]
    [TestCase(nameof(PriceLimits.Paused), "Prices of this event are paused.")]
    [TestCase(nameof(PriceLimits.NotOpen), "The sale has not opened yet.")]
    [TestCase(nameof(PriceLimits.Closed), "The sale is closed.")]
    public void Where_nothing_can_move_that_is_all_there_is_to_say(string limit, string words) =>
        Assert.That(PriceWords.Explain(Still with { Limits = Enum.Parse<PriceLimits>(limit) }), Is.EqualTo(words));

    [Test]
    public void Near_the_close_the_words_compare_with_what_is_left() => Assert.That(
        PriceWords.Explain(Rise with { MinutesLeft = 90 }), Does.StartWith("36 % of the tickets are taken: 40 in the last 24 hours; 128 are left for the last 90 minutes. "));

    [Test]
    public void Right_after_the_opening_there_is_no_pace_to_speak_of() => Assert.That(
        PriceWords.Explain(Rise with { Minutes = 0.5 }), Does.StartWith("36 % of the tickets are taken. The price goes up"));

    [Test]
    public void Few_tickets_are_counted_in_tenths_and_short_times_in_minutes() => Assert.That(
        PriceWords.Explain(Rise with { Taken = 3, Minutes = 60 }), Does.Contain("3 in the last 60 minutes, when 0.5 would sell out"));

    [Test]
    public void Who_reads_Portuguese_is_told_in_Portuguese_with_its_numbers() => Assert.That(
        PriceWords.Explain(Rise with { Taken = 3, Minutes = 60 }, CultureInfo.GetCultureInfo("pt-BR")),
        Is.EqualTo("36 % dos ingressos estão ocupados: 3 em 60 minutos, quando 0,5 bastariam para esgotar até o fim da venda. " +
            "O preço sobe: a demanda vale agora +15 % do preço base em vez de +10 %, um passo a caminho de +20,1 %."));

    [Test]
    public void Every_sentence_is_there_in_Portuguese()
    {
        var texts = new ResourceManager(typeof(PriceWords));
        IEnumerable<object> NamesIn(string culture) =>
            texts.GetResourceSet(CultureInfo.GetCultureInfo(culture), createIfNotExists: true, tryParents: culture == "en")!.Cast<DictionaryEntry>().Select(text => text.Key);

        Assert.That(NamesIn("pt-BR"), Is.EquivalentTo(NamesIn("en")));
    }
}
