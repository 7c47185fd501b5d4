using System.Globalization;

namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>An amount with its currency. As text it is for logs and reports: <c>10.50 BRL</c>, <c>1000 JPY</c>.</summary>
/// <param name="Units">Of the currency's smallest unit.</param>
/// <param name="Currency">ISO 4217.</param>
public readonly record struct Money(long Units, string Currency)
{
    public override string ToString() => $"{Currencies.ToText(Units, Currency, CultureInfo.InvariantCulture)} {Currency}";
}
