using MediatR;
using TicketBooth.Accounts.Contracts;

namespace TicketBooth.Dashboard.Figures;

/// <summary>The buyer of an order.</summary>
internal sealed record BuyerView(Guid Id, string Name, string Email);

/// <summary>The read model holds no names and addresses. They are queried from Accounts when they are shown.</summary>
internal static class Buyers
{
    public static async Task<Dictionary<Guid, BuyerView>> BuyersAsync(
        this IMediator mediator,
        IEnumerable<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        var buyers = new Dictionary<Guid, BuyerView>();
        foreach (var some in ids.Distinct().Chunk(200))
        {
            foreach (var user in (await mediator.Send(new GetUsers(some), cancellationToken)).Value)
            {
                buyers[user.Id] = new BuyerView(user.Id, user.Name, user.Email);
            }
        }

        return buyers;
    }
}
