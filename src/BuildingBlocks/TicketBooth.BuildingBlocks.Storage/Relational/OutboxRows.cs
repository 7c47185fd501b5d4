using Microsoft.EntityFrameworkCore;

namespace TicketBooth.BuildingBlocks.Storage.Relational;

/// <summary>An entry of a module's outbox. Written and read with plain SQL; it is here for the migrations.</summary>
public sealed class OutboxRow
{
    public long Sequence { get; init; }

    public Guid MessageId { get; init; }

    public required string MessageType { get; init; }

    /// <summary>The id of what the message is about.</summary>
    public Guid MessageKey { get; init; }

    public required byte[] Body { get; init; }

    public Guid CorrelationId { get; init; }

    public string? TraceParent { get; init; }

    public DateTimeOffset At { get; init; }
}

/// <summary>Up to which entry a destination has got everything.</summary>
public sealed class OutboxCursorRow
{
    /// <summary>The row that counts the entries. No destination has an empty name.</summary>
    public const string Newest = "";

    public required string Destination { get; init; }

    public long Sequence { get; init; }
}

/// <summary>Adds an outbox to the model of a module.</summary>
public static class OutboxModel
{
    private const int LongestName = 200;

    /// <param name="builder">Of the module's context.</param>
    /// <param name="module">As its tables are registered.</param>
    public static void AddOutbox(this ModelBuilder builder, string module)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Entity<OutboxRow>(entry =>
        {
            entry.ToTable(RelationalOutbox.TableOf(module));
            entry.HasKey(e => e.Sequence);

            // The row that counts the entries gives the numbers.
            entry.Property(e => e.Sequence).ValueGeneratedNever();
            entry.Property(e => e.MessageType).HasMaxLength(LongestName);
            entry.Property(e => e.TraceParent).HasMaxLength(LongestName);
        });
        builder.Entity<OutboxCursorRow>(cursor =>
        {
            cursor.ToTable(RelationalOutbox.CursorsOf(module));
            cursor.HasKey(c => c.Destination);
            cursor.Property(c => c.Destination).HasMaxLength(LongestName);
            cursor.HasData(new OutboxCursorRow { Destination = OutboxCursorRow.Newest });
        });
    }
}
