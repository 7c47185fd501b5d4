namespace TicketBooth.BuildingBlocks.Web;

/// <summary>
/// Says that the fields of a request body are checked by the validator of another type with fields of the same names. The OpenAPI document
/// shows the limits of that validator.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class LimitsOfAttribute(Type validated) : Attribute
{
    public Type Validated => validated;
}
