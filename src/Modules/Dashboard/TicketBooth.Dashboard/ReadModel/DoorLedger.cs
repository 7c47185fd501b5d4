using MediatR;
using TicketBooth.Admissions.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Dashboard.ReadModel;

/// <summary>The module Admissions, whose data are the ledger of the doors. A house may do without it.</summary>
internal static class DoorLedger
{
    public static bool IsHere(IServiceProvider services) =>
        services.GetService<IRequestHandler<ListPassageFacts, Result<IReadOnlyList<PassageFacts>>>>() is not null;
}
