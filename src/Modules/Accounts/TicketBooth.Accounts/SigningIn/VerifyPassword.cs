using FluentValidation;
using MediatR;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Domain;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.SigningIn;

/// <summary>The first step of a sign-in whose session the caller keeps.</summary>
internal static class VerifyPassword
{
    internal sealed class Validator : AbstractValidator<Contracts.VerifyPassword>
    {
        public Validator()
        {
            RuleFor(request => request.Email)
                .NotEmpty()
                .WithMessage("Needed.")
                .MaximumLength(AccountRules.LongestEmail)
                .WithMessage("At most 254 characters.");
            RuleFor(request => request.Password)
                .NotEmpty()
                .WithMessage("Needed.")
                .MaximumLength(PasswordRules.Longest)
                .WithMessage("At most 128 characters.");
        }
    }

    internal sealed class Handler(Credentials credentials, AccountsDbContext db)
        : IRequestHandler<Contracts.VerifyPassword, Result<SessionUser>>
    {
        public async Task<Result<SessionUser>> Handle(Contracts.VerifyPassword request, CancellationToken cancellationToken)
        {
            var proven = await credentials.ProvePasswordAsync(request.Email, request.Password, request.From, cancellationToken);
            return proven.Error is { } error
                ? error
                : await db.ToSessionAsync(proven.Value, needsSecondFactor: proven.Value.TwoFactorEnabled, cancellationToken);
        }
    }
}
