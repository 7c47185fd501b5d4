using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace TicketBooth.BuildingBlocks.Storage.Relational;

/// <summary>Stores times as numbers, because SQLite cannot compare the text that EF Core stores by default.</summary>
public sealed class UtcTicks()
    : ValueConverter<DateTimeOffset, long>(time => time.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));
