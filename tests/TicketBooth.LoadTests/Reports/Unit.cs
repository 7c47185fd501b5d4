namespace TicketBooth.LoadTests.Reports;

/// <summary>Units of figures, as they are printed.</summary>
internal static class Unit
{
    public const string PerSecond = "/s";
    public const string Microseconds = "us";
    public const string Milliseconds = "ms";
    public const string Seconds = "s";
    public const string Times = "x";
    public const string Bytes = "B";
    public const string Megabytes = "MB";
    public const string Percent = "%";
    public const string Count = "";
}
