using System.Linq.Expressions;
using FluentValidation;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>The rules of a question about the days from one to another.</summary>
internal static class DayRules
{
    // So far from the ends of the calendar that a time zone and a day more are still within it.
    private static readonly DateOnly First = new(1900, 1, 1);
    private static readonly DateOnly Last = new(2199, 12, 31);

    /// <summary>Whether a day may be asked about.</summary>
    public static bool Knows(DateOnly? day) => day is null || (day >= First && day <= Last);

    public static void RuleForDays<T>(
        this AbstractValidator<T> rules,
        Expression<Func<T, DateOnly?>> from,
        Expression<Func<T, DateOnly?>> to
    )
    {
        ArgumentNullException.ThrowIfNull(rules);
        var first = from.Compile();
        rules.RuleFor(from).InclusiveBetween(First, Last).WithMessage("A day between 1900 and 2199.");
        rules.RuleFor(to).InclusiveBetween(First, Last).WithMessage("A day between 1900 and 2199.");
        rules
            .RuleFor(to)
            .Must((asked, day) => day is null || first(asked) is null || first(asked) <= day)
            .WithMessage("The last day is before the first one.");
    }
}
