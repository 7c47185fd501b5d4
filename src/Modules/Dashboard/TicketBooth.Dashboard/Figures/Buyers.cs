using MediatR;
using TicketBooth.Accounts.Contracts;

namespace TicketBooth.Dashboard.Figures;

/// <summary>Who bought.</summary>
internal sealed record BuyerView(Guid Id, string Name, string Email);

/// <summary>The read model keeps no names and addresses; they are asked for when somebody looks.</summary>
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
