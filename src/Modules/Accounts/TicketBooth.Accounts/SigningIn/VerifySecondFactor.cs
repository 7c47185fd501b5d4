using FluentValidation;
using MediatR;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>The second step of a sign-in whose session the caller keeps.</summary>
internal static class VerifySecondFactor
{
    internal sealed class Validator : AbstractValidator<Contracts.VerifySecondFactor>
    {
        public Validator() => RuleFor(request => request.Code).Code();
    }

    internal sealed class Handler(Credentials credentials, AccountsDbContext db)
        : IRequestHandler<Contracts.VerifySecondFactor, Result<SessionUser>>
    {
        public async Task<Result<SessionUser>> Handle(Contracts.VerifySecondFactor request, CancellationToken cancellationToken)
        {
            var proven = await credentials.ProveSecondFactorAsync(request.UserId, request.Code, cancellationToken);
            return proven.Error is { } error ? error : await db.ToSessionAsync(proven.Value, needsSecondFactor: false, cancellationToken);
        }
    }
}
