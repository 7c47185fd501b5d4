using FluentValidation;
using MediatR;
using TicketBooth.Accounts.Contracts;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Staff;

/// <summary>Whom a link is for, before its holder chooses a password.</summary>
internal static class FindInvitation
{
    internal sealed class Validator : AbstractValidator<Contracts.FindInvitation>
    {
        public Validator() => RuleFor(query => query.Token).MaximumLength(InvitationTokens.LongestToken).WithMessage("Not an invitation.");
    }

    internal sealed class Handler(InvitationTokens tokens) : IRequestHandler<Contracts.FindInvitation, Result<InvitedUser>>
    {
        public async Task<Result<InvitedUser>> Handle(Contracts.FindInvitation request, CancellationToken cancellationToken) =>
            await tokens.FindAsync(request.Token, cancellationToken) is { } user
                ? new InvitedUser(user.Name, user.Email!)
                : AccountsErrors.InvitationInvalid;
    }
}
