using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Localization;
using TicketBooth.Dashboard.Shell;

namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>The labels of the event editor's fields, by their REST names.</summary>
internal static partial class EventFieldLabels
{
    public static string Of(IStringLocalizer<Words> words, string field)
    {
        ArgumentNullException.ThrowIfNull(words);
        if (TierField().Match(field) is { Success: true } tier)
        {
            var number = int.Parse(tier.Groups["row"].ValueSpan, CultureInfo.InvariantCulture) + 1;
            return words[
                tier.Groups["field"].Value switch
                {
                    "price" => "Base price of tier {0}",
                    "tickets" => "Tickets of tier {0}",
                    "floor" => "Floor of tier {0}",
                    "ceiling" => "Ceiling of tier {0}",
                    _ => "Name of tier {0}",
                },
                number
            ];
        }

        return words[
            field switch
            {
                "venue" => "Venue",
                "description" => "Description",
                "startsAt" => "Starts",
                "publishedAt" => "Sale opens",
                "endsSellingAt" => "Sale closes",
                "capacity" => "Capacity of the venue",
                "currency" => "Currency",
                "refundHoursBeforeStart" => "Buyers may cancel until hours before the start",
                "refundFeePercent" => "Fee for that in percent",
                "tiers" => "Tiers",
                _ => "Name",
            }
        ];
    }

    [GeneratedRegex(@"^tiers\[(?<row>[0-9]+)\]\.(?<field>.+)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex TierField();
}
