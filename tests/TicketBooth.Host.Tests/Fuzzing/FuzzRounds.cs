using System.Globalization;

namespace TicketBooth.Host.Tests.Fuzzing;

/// <summary>
/// How long a fuzz test goes on. In <c>tests/run</c> it is one round with a fixed seed; <c>tests/fuzz</c> sets how many seconds, and the
/// first seed. A round with the same seed sends the same requests.
/// </summary>
internal static class FuzzRounds
{
    private const int UsualSeed = 19;

    public static IEnumerable<int> Seeds()
    {
        var seconds = Setting("TICKETBOOTH_FUZZ_SECONDS") ?? 0;
        var seed = Setting("TICKETBOOTH_FUZZ_SEED") ?? UsualSeed;
        var started = TimeProvider.System.GetTimestamp();
        do
        {
            yield return seed++;
        } while (TimeProvider.System.GetElapsedTime(started).TotalSeconds < seconds);
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
