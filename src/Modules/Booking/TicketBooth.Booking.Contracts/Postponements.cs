using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Booking.Contracts;

/// <summary>From which move of a show on its buyers may give their tickets back. Reads no data.</summary>
public sealed record GetPostponementRule : IRequest<Result<PostponementRule>>;

/// <summary>A show that is moved by more than <paramref name="MovedBy"/> opens a refund window for its buyers.</summary>
/// <param name="MovedBy">From the start that tickets were sold for, earlier or later.</param>
/// <param name="Lasts">How long the window lasts, but never beyond the new start; zero when none is opened.</param>
public sealed record PostponementRule(TimeSpan MovedBy, TimeSpan Lasts);
