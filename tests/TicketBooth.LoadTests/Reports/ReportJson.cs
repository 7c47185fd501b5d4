using System.Text.Encodings.Web;
using System.Text.Json;

namespace TicketBooth.LoadTests.Reports;

/// <summary>A report as one line of JSON, for programs that compare commits.</summary>
internal static class ReportJson
{
    private static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(Report report, Machine machine) =>
        JsonSerializer.Serialize(
            new
            {
                report.Scenario,
                report.At,
                machine.Commit,
                Machine = machine,
                report.Plan.Seed,
                report.Plan.Rounds,
                Seconds = report.Plan.Duration.TotalSeconds,
                report.Plan.Connections,
                report.Faults,
                Figures = report.Figures.Select(figure => new
                {
                    figure.Name,
                    figure.Unit,
                    Median = Round(figure.Median),
                    Values = figure.Values.Select(Round),
                }),
            },
            json
        );

    private static double Round(double value) => Math.Round(value, 4);
}
