using System.Diagnostics.Metrics;

namespace TicketBooth.BuildingBlocks.Storage.Backups;

/// <summary>How the backups go that this host makes by itself.</summary>
public sealed class BackupStatus
{
    private const string MeterName = "TicketBooth.Storage";

    private volatile WrittenBackup? lastGood;
    private volatile BackupFailure? failure;

    public BackupStatus(IMeterFactory meters, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(meters);
        ArgumentNullException.ThrowIfNull(clock);
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            "ticketbooth.backup.age",
            () => Measure(good => (clock.GetUtcNow() - good.Contents.At).TotalSeconds),
            "s",
            "Since the moment of the last backup that passed its check."
        );
        meter.CreateObservableGauge(
            "ticketbooth.backup.size",
            () => Measure(good => good.Bytes),
            "By",
            "The last backup that passed its check."
        );
        meter.CreateObservableGauge(
            "ticketbooth.backup.duration",
            () => Measure(good => good.Contents.Took.TotalSeconds),
            "s",
            "How long the last backup that passed its check took to write."
        );
    }

    /// <summary>Whether this host makes backups by itself.</summary>
    public bool IsOn { get; private set; }

    /// <summary>The last one that passed its check; null when there is none.</summary>
    public WrittenBackup? LastGood => lastGood;

    /// <summary>Why the latest attempt gave no good backup; null when it did.</summary>
    public BackupFailure? Failure => failure;

    internal void SwitchOn() => IsOn = true;

    internal void Succeeded(WrittenBackup backup) => (lastGood, failure) = (backup, null);

    internal void Failed(DateTimeOffset at, string reason) => failure = new BackupFailure(at, reason);

    private IEnumerable<Measurement<double>> Measure(Func<WrittenBackup, double> figure) =>
        lastGood is { } good ? [new Measurement<double>(figure(good))] : [];
}

/// <summary>An attempt that gave no good backup.</summary>
public sealed record BackupFailure(DateTimeOffset At, string Reason);
