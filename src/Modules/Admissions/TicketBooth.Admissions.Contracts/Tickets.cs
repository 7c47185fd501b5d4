using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Admissions.Contracts;

/// <summary>
/// Draws the valid tickets of a paid order, a page each. Fails with <c>tickets-not-issued</c> while none is issued: the message that the
/// order is paid may come to the asker first.
/// </summary>
/// <param name="Language">Of the words on them: <c>en</c> or <c>pt-BR</c>.</param>
public sealed record GetTicketsPdf(Guid OrderId, string Language) : IRequest<Result<TicketsPdf>>;

/// <summary>A PDF.</summary>
/// <param name="FileName">For whom it is attached.</param>
public sealed record TicketsPdf(string FileName, byte[] Content);

/// <summary>
/// Signs a link with which whoever has it sees and loads an order's tickets, without signing in, until it expires. It does not say whether
/// there are any.
/// </summary>
public sealed record GetTicketsLink(Guid OrderId) : IRequest<Result<TicketsLink>>;

/// <summary>Addresses without the host's.</summary>
/// <param name="Pdf">All tickets as a PDF.</param>
/// <param name="Calendar">The show for a calendar.</param>
public sealed record TicketsLink(string Pdf, string Calendar, DateTimeOffset ExpiresAt);

/// <summary>
/// Lists the codes of an order's valid tickets, for whoever prints them. Whoever holds a code is let in: it is nothing for logs. Fails with
/// <c>order-not-found</c>.
/// </summary>
public sealed record ListTicketCodes(Guid OrderId) : IRequest<Result<IReadOnlyList<PrintedCode>>>;

/// <summary>A ticket's code.</summary>
/// <param name="Code">The content of its QR code.</param>
public sealed record PrintedCode(Guid TicketId, string Code);
