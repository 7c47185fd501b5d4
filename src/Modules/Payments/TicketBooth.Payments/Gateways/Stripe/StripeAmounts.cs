using System.Collections.Frozen;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Payments.Gateways.Stripe;

/// <summary>
/// Amounts as Stripe counts them (docs.stripe.com/currencies), from and to our own, the smallest unit by ISO 4217. They differ where Stripe
/// kept what a currency once was, or has left out decimals that nobody pays with.
/// </summary>
internal static class StripeAmounts
{
    /// <summary>Decimals at Stripe where they are not ISO's.</summary>
    private static readonly FrozenDictionary<string, int> OwnDecimals = new Dictionary<string, int>(StringComparer.Ordinal)
    {
        ["ISK"] = 2,
        ["UGX"] = 2,
        ["MGA"] = 0,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The currencies that Stripe publishes for cards and that ISO 4217 still has.</summary>
    public static readonly IReadOnlyList<string> Supported =
    [
        .. """
            AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CVE
            CZK DJF DKK DOP DZD EGP ETB EUR FJD FKP GBP GEL GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR ISK JMD JOD JPY KES KGS KHR
            KMF KRW KWD KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB
            PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SEK SGD SHP SLE SOS SRD STD SZL THB TJS TND TOP TRY TTD TWD TZS UAH UGX
            USD UYU UZS VND VUV WST XAF XCD XOF XPF YER ZAR ZMW
            """
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Where(Currencies.Knows),
    ];

    /// <summary>As Stripe counts; null for an amount that Stripe cannot take, which is never rounded.</summary>
    public static long? ToStripe(long units, string currency)
    {
        var amount = Scale(units, DecimalsAtStripe(currency) - Currencies.DecimalsOf(currency));
        return Currencies.DecimalsOf(currency) == 3 && amount % 10 != 0 ? null : amount;
    }

    /// <summary>As ISO 4217 counts.</summary>
    /// <param name="currency">As Stripe writes it: in small letters.</param>
    /// <exception cref="FormatException">Stripe says a fraction of what is the smallest unit.</exception>
    public static (long Units, string Currency) FromStripe(long amount, string currency)
    {
        var code = currency.ToUpperInvariant();
        var units = Scale(amount, Currencies.DecimalsOf(code) - DecimalsAtStripe(code));
        return (units ?? throw new FormatException($"{amount} {currency} of Stripe's is no amount of {code}."), code);
    }

    private static int DecimalsAtStripe(string code) => OwnDecimals.GetValueOrDefault(code, Currencies.DecimalsOf(code));

    private static long? Scale(long amount, int decimals) =>
        decimals switch
        {
            0 => amount,
            > 0 => amount > long.MaxValue / 100 ? null : amount * 100,
            _ => amount % 100 == 0 ? amount / 100 : null,
        };
}
