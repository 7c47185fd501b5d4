using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using TicketBooth.Events.Contracts;
using TicketBooth.Events.Reads.Cache;

namespace TicketBooth.Events.Pricing;

/// <summary>How an event is priced, with the tag by which the next change of its policy refers to this one.</summary>
internal static class PricingAnswers
{
    /// <summary>
    /// Stands for a policy in its <c>ETag</c>: another policy has another one. The prices are no part of it: they move with every sale,
    /// and a sale is no reason to refuse a policy.
    /// </summary>
    public static long RevisionOf(PricingPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);

        // Not its JSON: 50 and 50.0 are the same percentage.
        var text = FormattableString.Invariant(
            $"{policy.Mode} {policy.Paused} {policy.AllowFalling} {policy.MaxIncreasePercent:0.####} {policy.MaxDecreasePercent:0.####} "
        );
        text += FormattableString.Invariant(
            $"{policy.SharePercent:0.####} {policy.PacePercent:0.####} {policy.WindowMinutes} {policy.MaxStepPercent:0.####} "
        );
        text += FormattableString.Invariant($"{policy.StepSeconds} {policy.BandPercent:0.####} {policy.RoundingUnit}");
        return (BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))) & long.MaxValue) | 1;
    }

    public static Remembered Remember(EventPricing pricing, HttpContext http)
    {
        var json = http.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        return Remembered.Of(pricing, json, DateTimeOffset.MaxValue, isPublic: false, RevisionOf(pricing.Policy));
    }
}
