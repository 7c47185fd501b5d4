using System.Globalization;

namespace TicketBooth.LoadTests.Reports;

/// <summary>One figure of a scenario, as often as it was measured.</summary>
internal sealed class Figure(string name, string unit)
{
    private readonly List<double> values = [];

    public string Name => name;

    public string Unit => unit;

    public IReadOnlyList<double> Values => values;

    /// <summary>The value in the middle; between two of them their mean.</summary>
    public double Median
    {
        get
        {
            var ascending = values.Order().ToList();
            return (ascending[(ascending.Count - 1) / 2] + ascending[ascending.Count / 2]) / 2;
        }
    }

    public void Add(double value) => values.Add(value);

    /// <summary>With three digits that count, and the unit.</summary>
    public string Show(double value)
    {
        var format = Math.Abs(value) switch
        {
            >= 100 => "N0",
            >= 10 => "0.0",
            _ => "0.00",
        };
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {unit}".TrimEnd();
    }
}
