using System.Collections.Frozen;

namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>
/// The currency codes of ISO 4217, without funds, metals and test codes, and how many decimals each has. All money here is an integer of
/// the currency's smallest unit: cents, whole yen, thousandths of a dinar.
/// </summary>
public static class Currencies
{
    private static readonly FrozenSet<string> Codes = (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY "
        + "COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR "
        + "ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK "
        + "MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF "
        + "SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU "
        + "UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG"
    )
        .Split(' ')
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Whole = ("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF")
        .Split(' ')
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Thousandths = "BHD IQD JOD KWD LYD OMR TND".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    public static bool Knows(string code) => Codes.Contains(code);

    /// <summary>How many decimals an amount has. Two for a code that is none: the page that shows it says elsewhere that it is wrong.</summary>
    public static int DecimalsOf(string code) =>
        Whole.Contains(code) ? 0
        : Thousandths.Contains(code) ? 3
        : 2;

    /// <summary>An amount as people write it.</summary>
    public static decimal ToAmount(long units, string code) => units / UnitsOf(code);

    /// <summary>An amount in the smallest unit; null when it has more decimals than the currency, or is beyond all money.</summary>
    public static long? ToUnits(decimal amount, string code)
    {
        if (Math.Abs(amount) > long.MaxValue / 10_000m)
        {
            return null;
        }

        var units = amount * UnitsOf(code);
        return units == decimal.Truncate(units) ? (long)units : null;
    }

    private static decimal UnitsOf(string code) =>
        DecimalsOf(code) switch
        {
            0 => 1,
            3 => 1000,
            _ => 100,
        };
}
