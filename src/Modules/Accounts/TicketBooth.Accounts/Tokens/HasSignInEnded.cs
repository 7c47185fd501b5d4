using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Tokens;

/// <summary>Tells whether the bearer of an access token has signed out.</summary>
internal static class HasSignInEnded
{
    internal sealed class Handler(EndedSignIns ended) : IRequestHandler<Contracts.HasSignInEnded, Result<bool>>
    {
        public Task<Result<bool>> Handle(Contracts.HasSignInEnded request, CancellationToken cancellationToken) =>
            Task.FromResult<Result<bool>>(ended.Contains(request.SignIn));
    }
}
