using System.Collections.Frozen;
using System.Globalization;

namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>
/// The active currency codes of ISO 4217 and how many decimals each has: the only place that knows. Without what nobody pays with: funds,
/// index units, units of account of banks, metals and test codes. All money here is an integer of the currency's smallest unit: cents,
/// whole yen, thousandths of a dinar.
/// </summary>
public static class Currencies
{
    private static readonly FrozenDictionary<string, int> Decimals = TableOf(
        (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"),
        (
            2,
            """
            AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP
            DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR
            LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB
            SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG
            YER ZAR ZMW ZWG
            """
        ),
        (3, "BHD IQD JOD KWD LYD OMR TND")
    );

    public static bool Knows(string code) => Decimals.ContainsKey(code);

    /// <summary>
    /// How many decimals an amount has. Two for a code that is not in the table: a stored one may have left the standard since.
    /// </summary>
    public static int DecimalsOf(string code) => Decimals.GetValueOrDefault(code, 2);

    /// <summary>An amount as people write it.</summary>
    public static decimal ToAmount(long units, string code) => units / UnitsOf(code);

    /// <summary>An amount with all decimals of its currency and without thousands separators, as forms and spreadsheets read it.</summary>
    public static string ToText(long units, string code, IFormatProvider format) =>
        ToAmount(units, code).ToString("F" + DecimalsOf(code).ToString(CultureInfo.InvariantCulture), format);

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

    private static FrozenDictionary<string, int> TableOf(params (int Decimals, string Codes)[] lines) =>
        lines
            .SelectMany(line =>
                line.Codes.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(code => (code, line.Decimals))
            )
            .ToFrozenDictionary(pair => pair.code, pair => pair.Decimals, StringComparer.Ordinal);
}
