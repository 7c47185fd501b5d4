namespace TicketBooth.Dashboard.Live.Views;

/// <summary>What was sold in one place.</summary>
/// <param name="Complimentary">Of the tickets, those that were given away; null where none can be.</param>
/// <param name="Money">As it is shown.</param>
internal sealed record ChannelLine(string Name, long Orders, long Tickets, long? Complimentary, string Money);
