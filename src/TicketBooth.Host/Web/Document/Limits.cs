using System.Globalization;
using System.Reflection;
using System.Text.Json;
using FluentValidation;
using FluentValidation.Validators;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Host.Web.Document;

/// <summary>The limits of fields, read from the validators that enforce them.</summary>
internal static class Limits
{
    public static void Add(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        if (schema.Properties is not { Count: > 0 } properties)
        {
            return;
        }

        var type = context.JsonTypeInfo.Type;
        var validated = type.GetCustomAttribute<LimitsOfAttribute>()?.Validated ?? type;
        foreach (
            var validator in context.ApplicationServices.GetServices(typeof(IValidator<>).MakeGenericType(validated)).OfType<IValidator>()
        )
        {
            foreach (var (name, rules) in validator.CreateDescriptor().GetMembersWithValidators().Select(member => (member.Key, member)))
            {
                if (
                    properties.TryGetValue(JsonNamingPolicy.CamelCase.ConvertName(name ?? ""), out var property)
                    && property is OpenApiSchema limited
                )
                {
                    foreach (var (rule, wording) in rules)
                    {
                        Add(limited, rule);
                        if (!IsShown(rule))
                        {
                            Quote(limited, wording.GetUnformattedErrorMessage());
                        }
                    }
                }
            }
        }
    }

    /// <summary>Whether the schema says a rule, by a limit or by the type. Of other rules the description quotes the refusal.</summary>
    private static bool IsShown(IPropertyValidator rule) =>
        rule
            is ILengthValidator
                or INotEmptyValidator
                or INotNullValidator
                or INullValidator
                or IBetweenValidator
                or ICountRule
                or IChildValidatorAdaptor
                or IComparisonValidator { ValueToCompare: not null };

    /// <summary>Only messages of ours: those of the library have placeholders for values that no document knows.</summary>
    private static void Quote(OpenApiSchema schema, string refusal)
    {
        if (!refusal.Contains('{', StringComparison.Ordinal) && schema.Description?.Contains(refusal, StringComparison.Ordinal) != true)
        {
            schema.Description = $"{schema.Description} Otherwise refused: {refusal}".Trim();
        }
    }

    private static void Add(OpenApiSchema schema, IPropertyValidator rule)
    {
        var isText = schema.Type?.HasFlag(JsonSchemaType.String) == true;
        var isList = schema.Type?.HasFlag(JsonSchemaType.Array) == true;
        switch (rule)
        {
            case ILengthValidator length when isText:
                schema.MinLength = length.Min > 0 ? length.Min : schema.MinLength;
                schema.MaxLength = length.Max > 0 ? length.Max : schema.MaxLength;
                break;
            case INotEmptyValidator when isText:
                schema.MinLength ??= 1;
                break;
            case INotEmptyValidator when isList:
                schema.MinItems ??= 1;
                break;
            case ICountRule count when isList:
                schema.MinItems = count.Min;
                schema.MaxItems = count.Max;
                break;
            case IBetweenValidator between:
                schema.Minimum = Number(between.From);
                schema.Maximum = Number(between.To);
                break;
            case IComparisonValidator { ValueToCompare: { } value } comparison when Number(value) is { } number:
                Compare(schema, comparison.Comparison, number);
                break;
        }
    }

    private static void Compare(OpenApiSchema schema, Comparison comparison, string number)
    {
        switch (comparison)
        {
            case Comparison.GreaterThan:
                schema.ExclusiveMinimum = number;
                break;
            case Comparison.GreaterThanOrEqual:
                schema.Minimum = number;
                break;
            case Comparison.LessThan:
                schema.ExclusiveMaximum = number;
                break;
            case Comparison.LessThanOrEqual:
                schema.Maximum = number;
                break;
        }
    }

    private static string? Number(object value) =>
        value is int or long or decimal or double ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;
}
