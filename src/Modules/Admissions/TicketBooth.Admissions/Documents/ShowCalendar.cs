using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using TicketBooth.Admissions.Domain;

namespace TicketBooth.Admissions.Documents;

/// <summary>A show for the calendar of whoever has a ticket for it.</summary>
internal static class ShowCalendar
{
    // How long a show takes is not known; calendars show an entry without an end as a moment.
    private static readonly TimeSpan UsualLength = TimeSpan.FromHours(2);

    public static string Draw(DoorEvent show, DateTimeOffset now)
    {
        var calendar = new Calendar { ProductId = "-//TicketBooth//Tickets//EN" };
        calendar.Events.Add(
            new CalendarEvent
            {
                // The same in every version, so that a calendar replaces the former one.
                Uid = $"{show.Id}@ticketbooth",
                Sequence = (int)Math.Min(show.Version, int.MaxValue),
                DtStamp = new CalDateTime(now.UtcDateTime, "UTC"),
                DtStart = new CalDateTime(show.StartsAt.UtcDateTime, "UTC"),
                DtEnd = new CalDateTime((show.StartsAt + UsualLength).UtcDateTime, "UTC"),
                Summary = show.Name,
                Location = show.Venue,
                Status = show.IsCanceled ? EventStatus.Cancelled : EventStatus.Confirmed,
            }
        );
        return new CalendarSerializer().SerializeToString(calendar)!;
    }
}
