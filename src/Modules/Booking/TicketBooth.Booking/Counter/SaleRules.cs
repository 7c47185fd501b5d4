using FluentValidation;
using Microsoft.Extensions.Options;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using Command = TicketBooth.Booking.Contracts.SellAtCounter;

namespace TicketBooth.Booking.Counter;

/// <summary>What a sale at the counter may say.</summary>
internal sealed class SaleRules : AbstractValidator<Command>
{
    private const long HighestAmount = 100_000_000_000;

    private static readonly string[] Languages = ["en", "pt-BR"];

    public SaleRules(IOptions<BookingOptions> options)
    {
        var most = options.Value.MaxTicketsPerOrder;
        RuleFor(command => command.Method).IsInEnum();
        RuleFor(command => command.By).SetValidator(new ActorRules());
        RuleFor(command => command.TicketIds!)
            .HasCount(1, most)
            .WithMessage($"A sale takes 1 to {most} tickets.")
            .Must(ids => ids.Distinct().Count() == ids.Count)
            .WithMessage("Each ticket may be listed once.")
            .When(command => command.TicketIds is not null);
        RuleFor(command => command.Quantity).NotNull().InclusiveBetween(1, most).When(command => command.TicketIds is null);
        RuleFor(command => command.Quantity).Null().When(command => command.TicketIds is not null);
        RuleFor(command => command.TierId).Null().When(command => command.TicketIds is not null);
        RuleFor(command => command.Reference).MaximumLength(100).MustBeOneLine();
        RuleFor(command => command.Reference)
            .NotEmpty()
            .WithMessage("Give the card terminal's reference.")
            .When(command => command.Method == CounterMethod.CardTerminal);
        RuleFor(command => command.Reference)
            .Empty()
            .WithMessage("Only a sale by card terminal has a reference.")
            .When(command => command.Method != CounterMethod.CardTerminal);
        RuleFor(command => command.AmountTendered).InclusiveBetween(0, HighestAmount);
        RuleFor(command => command.AmountTendered)
            .Null()
            .WithMessage("Only cash is tendered.")
            .When(command => command.Method != CounterMethod.Cash);
        RuleFor(command => command.BuyerName).MaximumLength(200).MustBeName();
        RuleFor(command => command.Email!)
            .MaximumLength(254)
            .Must(email => EmailRules.IsEmail(email.Trim()))
            .WithMessage("Not an e-mail address.")
            .When(command => !string.IsNullOrWhiteSpace(command.Email));
        RuleFor(command => command.Language)
            .Must(language => language is null || Languages.Contains(language, StringComparer.Ordinal))
            .WithMessage("One of en, pt-BR.");
        RuleFor(command => command.Reason).MaximumLength(500).MustBeOneLine();
        RuleFor(command => command.Reason)
            .NotEmpty()
            .WithMessage("Say why the tickets are given away.")
            .When(command => command.Method == CounterMethod.Complimentary);
        RuleFor(command => command.Reason)
            .Empty()
            .WithMessage("Only a complimentary sale has a reason.")
            .When(command => command.Method != CounterMethod.Complimentary);
        RuleFor(command => command.ExpectedTotal).GreaterThanOrEqualTo(0);
        RuleFor(command => command.ExpectedTotal)
            .Null()
            .WithMessage("What is complimentary costs nothing.")
            .When(command => command.Method == CounterMethod.Complimentary);
    }
}
