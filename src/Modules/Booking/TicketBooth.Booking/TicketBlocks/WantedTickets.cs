using FluentValidation;
using TicketBooth.Booking.Contracts;
using TicketBooth.Booking.Domain;
using TicketBooth.Booking.OnSale;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.TicketBlocks;

/// <summary>Which tickets are to be blocked: by their numbers, or so many of a tier.</summary>
internal static class WantedTickets
{
    public const int MostTickets = 10_000;

    public const string Unclear = "Give either numbers, or tierId with quantity.";

    private const int LongestText = 2_000;

    public static bool IsClear(string? numbers, Guid? tierId, int? quantity) =>
        numbers is null ? tierId is not null && quantity is not null : tierId is null && quantity is null;

    public static IRuleBuilderOptions<T, string?> AreTicketNumbers<T>(this IRuleBuilder<T, string?> rule) =>
        rule.MaximumLength(LongestText)
            .Must(text => text is null || TicketNumbers.Parse(text) is not null)
            .WithMessage("Numbers and ranges of numbers, separated by commas, for example 1-20, 35.");

    /// <summary>The numbers that the event has; none when a tier is wanted that it has.</summary>
    public static Result<IReadOnlyList<NumberRange>> Read(EventOnSale sale, string? numbers, Guid? tierId)
    {
        if (numbers is null)
        {
            return tierId is { } tier && sale.HasTier(tier) ? Result<IReadOnlyList<NumberRange>>.From([]) : BookingErrors.TierNotFound;
        }

        var ranges = TicketNumbers.Parse(numbers)!;
        var strange = TicketNumbers.NumbersOf(ranges).Where(number => !sale.HasTicket(number)).ToList();
        return strange.Count > 0
            ? BookingErrors.NoSuchTickets(TicketNumbers.TextOf(TicketNumbers.RangesOf(strange)))
            : Result<IReadOnlyList<NumberRange>>.From(ranges);
    }
}
