using TicketBooth.Admissions.Domain;

namespace TicketBooth.Admissions.Documents;

/// <summary>A ticket with its code, and the show that it is for.</summary>
internal sealed record TicketSheet(DoorEvent Show, IssuedTicket Ticket);
