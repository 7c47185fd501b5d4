using System.Globalization;
using System.Text.Json;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Host.Verbs;

/// <summary>
/// <c>reconcile</c>: compares the gateways with what is on record, while a server runs or not. Changes nothing: the server records.
/// </summary>
internal static class ReconcileVerb
{
    /// <returns>0 when both sides have the same, 1 when they differ or a gateway could not be asked.</returns>
    public static async Task<int> RunAsync(string[] args, DateOnly from, DateOnly to, TextWriter output)
    {
        await using var app = TicketBoothHost.Build([.. args, "--Storage:ReadOnly=true", "--Logging:LogLevel:Default=Warning"]);
        await app.StartModulesAsync();
        await using var scope = app.Services.CreateAsyncScope();
        var compared = await scope
            .ServiceProvider.GetRequiredService<IMediator>()
            .Send(new ComparePayments(StartOf(from), StartOf(to).AddDays(1)));
        if (compared.Error is { } error)
        {
            var problems = error.Fields?.Values.SelectMany(messages => messages).ToList() ?? [error.Detail];
            throw new CommandLineException(problems.ConvertAll(problem => "--from, --to: " + problem));
        }

        var (summary, lines) = compared.Value;
        foreach (var gateway in summary.Gateways)
        {
            await TellAsync(gateway, output);
        }

        foreach (var line in lines)
        {
            await output.WriteLineAsync(TextOf(line));
        }

        if (summary.Differences > lines.Count)
        {
            await output.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"DIFFERENCE  {summary.Differences - lines.Count} more")
            );
        }

        var failed = summary.Gateways.Count(gateway => gateway.Failure is not null);
        await output.WriteLineAsync(
            summary.IsEqual
                ? "EQUAL"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"NOT EQUAL: {summary.Differences} differences, {failed} gateways not asked to the end"
                )
        );
        return summary.IsEqual ? 0 : 1;
    }

    private static DateTimeOffset StartOf(DateOnly day) => new(day, TimeOnly.MinValue, TimeSpan.Zero);

    private static async Task TellAsync(ReconciledGateway gateway, TextWriter output)
    {
        await output.WriteLineAsync(gateway.Gateway);
        await output.WriteLineAsync($"  {"", -12}{"theirs", 10}{"", 20}{"ours", 10}");
        foreach (var sum in gateway.Sums)
        {
            var theirs = Columns(sum.TheirCount, sum.TheirAmount, sum.Currency);
            await output.WriteLineAsync($"  {Word(sum.Movement), -12}{theirs}{Columns(sum.OurCount, sum.OurAmount, sum.Currency)}");
        }

        if (gateway.UnderWay > 0)
        {
            await output.WriteLineAsync(
                string.Create(CultureInfo.InvariantCulture, $"  {gateway.UnderWay} of the last five minutes may still be under way to us")
            );
        }

        if (gateway.Failure is { } failure)
        {
            await output.WriteLineAsync($"  NOT ASKED TO THE END  {failure}");
        }
    }

    private static string Columns(long count, long amount, string currency) =>
        string.Create(CultureInfo.InvariantCulture, $"{count, 10}{new Money(amount, currency).ToString(), 20}");

    private static string TextOf(ReconciliationDifference line)
    {
        var at = line.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var payment = line.PaymentId is { } id ? $"payment {id}" : "no payment of ours";
        var note = line.Note == ReconciliationNote.None ? "" : $", {Word(line.Note)}";
        return $"DIFFERENCE  {line.Gateway} {Word(line.Kind)} {Word(line.Movement)} {line.Id} {at}: "
            + $"theirs {TextOf(line.Theirs)}, ours {TextOf(line.Ours)}, {payment}{note}";
    }

    private static string TextOf(ReconciledAmount? amount) =>
        amount is { } known ? new Money(known.Amount, known.Currency).ToString() : "nothing";

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
