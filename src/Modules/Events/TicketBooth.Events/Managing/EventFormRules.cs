using FluentValidation;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Events.Managing;

/// <summary>The rules of every form, whatever event it is for.</summary>
internal sealed class EventFormRules : AbstractValidator<EventForm>
{
    public const int LargestCapacity = 10_000;

    private const int LongestName = 200;
    private const int LongestDescription = 10_000;
    private const int MostTiers = 50;
    private const int MostRefundHours = 365 * 24;

    public EventFormRules()
    {
        RuleFor(form => form.Name).NotEmpty().MaximumLength(LongestName).MustBeName();
        RuleFor(form => form.Venue).NotEmpty().MaximumLength(LongestName).MustBeName();
        RuleFor(form => form.Description).MaximumLength(LongestDescription).MustBeText();
        RuleFor(form => form.EndsSellingAt)
            .GreaterThan(form => form.PublishedAt!.Value)
            .When(form => form.PublishedAt is not null)
            .WithMessage("The sale must close after it opens.");
        RuleFor(form => form.Currency).Must(code => code is null || Currencies.Knows(code)).WithMessage("Not a currency of ISO 4217.");
        RuleFor(form => form.Capacity).InclusiveBetween(1, LargestCapacity);
        RuleFor(form => form.RefundHoursBeforeStart).InclusiveBetween(0, MostRefundHours);
        RuleFor(form => form.RefundFeePercent).InclusiveBetween(0, 100);
        RuleFor(form => form.Tiers).NotNull().HasCount(1, MostTiers).WithMessage($"1 to {MostTiers} tiers.");
        RuleForEach(form => form.Tiers).NotNull().SetValidator(new TierRules());
        When(
            form => form.Tiers?.All(tier => tier?.Name is not null) == true,
            () =>
            {
                RuleFor(form => form.Tiers)
                    .Must(HaveNamesOfTheirOwn)
                    .WithMessage("Each tier needs a name of its own; case makes no difference.");
                RuleFor(form => form.Tiers).Must(HaveIdsOfTheirOwn).WithMessage("An id stands for one tier only.");
                RuleFor(form => form.Capacity)
                    .Must((form, capacity) => form.Tiers.Sum(tier => (long)tier.Tickets) <= capacity)
                    .WithMessage("The tiers release more tickets than the venue takes people.");
            }
        );
    }

    private static bool HaveNamesOfTheirOwn(IReadOnlyList<TierForm> tiers) =>
        tiers.Select(tier => tier.Name.Trim()).Distinct(StringComparer.OrdinalIgnoreCase).Count() == tiers.Count;

    private static bool HaveIdsOfTheirOwn(IReadOnlyList<TierForm> tiers) =>
        tiers.Select(tier => tier.Id).OfType<Guid>().GroupBy(id => id).All(same => same.Count() == 1);

    private sealed class TierRules : AbstractValidator<TierForm>
    {
        private const int LongestTierName = 100;
        private const long HighestPrice = 100_000_000;

        public TierRules()
        {
            RuleFor(tier => tier.Name).NotEmpty().MaximumLength(LongestTierName).MustBeName();
            RuleFor(tier => tier.Price).InclusiveBetween(0, HighestPrice);
            RuleFor(tier => tier.Tickets).GreaterThanOrEqualTo(1);
            RuleFor(tier => tier.Floor)
                .InclusiveBetween(1, HighestPrice)
                .LessThanOrEqualTo(tier => tier.Price)
                .WithMessage("Not above the price.");
            RuleFor(tier => tier.Ceiling)
                .InclusiveBetween(1, HighestPrice)
                .GreaterThanOrEqualTo(tier => tier.Price)
                .WithMessage("Not below the price.");
            RuleFor(tier => tier.Ceiling).Null().When(tier => tier.Price == 0).WithMessage("A free tier stays free.");
        }
    }
}
