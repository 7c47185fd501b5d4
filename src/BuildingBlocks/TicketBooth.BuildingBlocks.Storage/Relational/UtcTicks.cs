using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace TicketBooth.BuildingBlocks.Storage.Relational;

/// <summary>SQLite cannot compare EF's own form of these times; a number compares everywhere.</summary>
public sealed class UtcTicks()
    : ValueConverter<DateTimeOffset, long>(time => time.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
