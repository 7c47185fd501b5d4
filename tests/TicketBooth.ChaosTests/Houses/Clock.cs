using System.Globalization;

namespace TicketBooth.ChaosTests.Houses;

/// <summary>The hosts' clock, by libfaketime: it reads from a file by how much it is wrong, once a second.</summary>
internal sealed class Clock
{
    private static readonly string[] places =
    [
        "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
        "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
    ];

    private readonly string library;
    private readonly string file;
    private TimeSpan offset;

    private Clock(string library, string file)
    {
        (this.library, this.file) = (library, file);
        Move(TimeSpan.Zero);
    }

    public DateTimeOffset Now => TimeProvider.System.GetUtcNow() + offset;

    /// <summary>For the hosts' environment.</summary>
    public IEnumerable<(string Key, string Value)> Settings =>
        [
            ("LD_PRELOAD", library),
            ("FAKETIME_TIMESTAMP_FILE", file),
            ("FAKETIME_CACHE_DURATION", "1"),
            // Waits and timeouts do not jump on a real machine either.
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            ("DONT_FAKE_MONOTONIC", "1"),
        ];

    /// <summary>Null where the library is not installed.</summary>
    public static Clock? Find(string folder) =>
        places.FirstOrDefault(File.Exists) is { } library ? new Clock(library, Path.Combine(folder, "clock")) : null;

    public void Jump(TimeSpan by) => Move(offset + by);

    private void Move(TimeSpan to)
    {
        offset = to;
        // Replaced at once, never half written.
        var next = file + ".next";
        File.WriteAllText(next, string.Create(CultureInfo.InvariantCulture, $"{(to < TimeSpan.Zero ? "-" : "+")}{Math.Abs((long)to.TotalSeconds)}\n"));
        File.Move(next, file, overwrite: true);
    }
}
