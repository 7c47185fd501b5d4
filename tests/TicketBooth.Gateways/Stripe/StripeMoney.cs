using System.Text.RegularExpressions;

namespace TicketBooth.Gateways.Stripe;

/// <summary>Amounts in a currency's smallest unit, by docs.stripe.com/currencies.</summary>
internal static partial class StripeMoney
{
    private const long Largest = 99_999_999;

    private static readonly HashSet<string> ThreeDecimals = new(StringComparer.Ordinal) { "bhd", "jod", "kwd", "omr", "tnd" };

    /// <summary>ISO says that these have no decimals; Stripe takes them in hundredths, of which only whole units are possible.</summary>
    private static readonly HashSet<string> WholeInHundredths = new(StringComparer.Ordinal) { "isk", "ugx" };

    private static readonly HashSet<string> Currencies = new(
        (
            "aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop crc cve czk djf dkk dop dzd "
            + "egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl hrk htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl "
            + "mad mdl mga mkd mmk mnt mop mro mur mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek "
            + "sgd shp sle sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx usd uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw"
        ).Split(' '),
        StringComparer.Ordinal);

    /// <summary>The published minimums. Others have the account's own, converted by rates that the stand-in does not know.</summary>
    private static readonly Dictionary<string, long> Minimums = new(StringComparer.Ordinal)
    {
        ["aed"] = 200,
        ["aud"] = 50,
        ["bgn"] = 100,
        ["brl"] = 50,
        ["cad"] = 50,
        ["chf"] = 50,
        ["czk"] = 1500,
        ["dkk"] = 250,
        ["eur"] = 50,
        ["gbp"] = 30,
        ["hkd"] = 400,
        ["huf"] = 17500,
        ["inr"] = 50,
        ["jpy"] = 50,
        ["mxn"] = 1000,
        ["myr"] = 200,
        ["nok"] = 300,
        ["nzd"] = 50,
        ["pln"] = 200,
        ["ron"] = 200,
        ["sek"] = 300,
        ["sgd"] = 50,
        ["thb"] = 1000,
        ["usd"] = 50,
    };

    public static string RequireCurrency(string currency) =>
        Currencies.Contains(currency) ? currency
        : Upper().IsMatch(currency) ? throw StripeRefusal.Invalid($"Invalid currency: {currency}. It must be in lowercase.", "currency")
        : throw StripeRefusal.Invalid($"Invalid currency: {currency}. Stripe does not support it.", "currency");

    public static long RequireAmount(long amount, string currency)
    {
        RequireUnits(amount, currency);
        var least = Minimums.GetValueOrDefault(currency, 1);
        return amount < least ? throw StripeRefusal.Invalid($"Amount must be at least {least} {currency}", "amount", "amount_too_small")
            : amount > Largest ? throw StripeRefusal.Invalid($"Amount must be no more than {Largest} {currency}", "amount", "amount_too_large")
            : amount;
    }

    /// <summary>A refund has no minimum but one.</summary>
    public static long RequireUnits(long amount, string currency)
    {
        if (amount < 1)
        {
            throw StripeRefusal.Invalid("Invalid positive integer", "amount", "parameter_invalid_integer");
        }

        var step = ThreeDecimals.Contains(currency) ? 10 : WholeInHundredths.Contains(currency) ? 100 : 1;
        return amount % step == 0
            ? amount
            : throw StripeRefusal.Invalid($"Invalid amount: amounts in {currency} must be evenly divisible by {step}.", "amount", "parameter_invalid_integer");
    }

    [GeneratedRegex("[A-Z]", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Upper();
}
