using FluentValidation;
using MediatR;
using TicketBooth.Accounts.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.PersonalData;

/// <summary>Erases a person for whom an administrator acts.</summary>
internal static class EraseAccount
{
    internal sealed class Validator : AbstractValidator<Contracts.EraseAccount>
    {
        public Validator() => RuleFor(command => command.By).NotNull().SetValidator(new ActorRules());
    }

    internal sealed class Handler(AccountEraser eraser) : IRequestHandler<Contracts.EraseAccount, Result<ErasedAccount>>
    {
        public Task<Result<ErasedAccount>> Handle(Contracts.EraseAccount request, CancellationToken cancellationToken) =>
            eraser.EraseAsync(request.UserId, request.By, cancellationToken);
    }
}
