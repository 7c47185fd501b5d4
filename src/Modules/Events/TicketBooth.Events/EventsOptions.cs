using System.ComponentModel.DataAnnotations;

namespace TicketBooth.Events;

/// <summary>Section <c>Events</c>.</summary>
internal sealed class EventsOptions
{
    /// <summary>How much memory cached answers to readers may take, in megabytes.</summary>
    [Range(1, 16 * 1024)]
    public int ReadCacheMegabytes { get; set; } = 64;
}
