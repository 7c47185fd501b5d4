namespace TicketBooth.Host.Starting;

/// <summary>Finds what somebody meant who typed a name wrong.</summary>
internal static class Spelling
{
    // A short name has neighbors that mean something else.
    private const int ShortName = 5;

    /// <summary>The known name that a wrong one is closest to, without regard to case; null when none is close.</summary>
    public static string? Nearest(string wrong, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(wrong);
        var typed = wrong.ToUpperInvariant();
        var most = typed.Length <= ShortName ? 1 : 2;
        return known
            .Select(name => (Name: name, Distance: Distance(typed, name.ToUpperInvariant())))
            .Where(candidate => candidate.Distance <= most)
            .OrderBy(candidate => candidate.Distance)
            .ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
    }

    /// <summary>How many letters were left out, added, replaced, or exchanged with their neighbor.</summary>
    private static int Distance(string typed, string meant)
    {
        var (beforeLast, last) = (new int[meant.Length + 1], Enumerable.Range(0, meant.Length + 1).ToArray());
        for (var i = 1; i <= typed.Length; i++)
        {
            var row = new int[meant.Length + 1];
            row[0] = i;
            for (var j = 1; j <= meant.Length; j++)
            {
                var replaced = last[j - 1] + (typed[i - 1] == meant[j - 1] ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && typed[i - 1] == meant[j - 2] && typed[i - 2] == meant[j - 1])
                {
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                }
            }

            (beforeLast, last) = (last, row);
        }

        return last[meant.Length];
    }
}
