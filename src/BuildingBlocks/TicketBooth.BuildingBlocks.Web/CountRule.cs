using System.Collections;
using FluentValidation;
using FluentValidation.Validators;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>A limit of a list, which the OpenAPI document shows.</summary>
public interface ICountRule
{
    int Min { get; }

    int Max { get; }
}

public static class CountRuleExtensions
{
    /// <summary>A list of so many items. Whether it may be missing is another rule.</summary>
    public static IRuleBuilderOptions<T, TList> HasCount<T, TList>(this IRuleBuilder<T, TList> rule, int min, int max)
        where TList : IEnumerable?
    {
        ArgumentNullException.ThrowIfNull(rule);
        return rule.SetValidator(new CountRule<T, TList>(min, max));
    }

    private sealed class CountRule<T, TList>(int min, int max) : PropertyValidator<T, TList>, ICountRule
        where TList : IEnumerable?
    {
        public int Min => min;

        public int Max => max;

        public override string Name => nameof(CountRule<,>);

        public override bool IsValid(ValidationContext<T> context, TList value) =>
            value is null || (CountOf(value) is var count && count >= min && count <= max);

        private int CountOf(TList value) => value is ICollection list ? list.Count : value!.Cast<object?>().Take(max + 1).Count();

        protected override string GetDefaultMessageTemplate(string errorCode) => $"{min} to {max} items.";
    }
}
