using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.Contracts;

/// <summary>Signs a customer up. Fails with <c>email-taken</c>, <c>sign-up-pause</c> or
/// <c>validation-failed</c> (also for a weak password).</summary>
/// <param name="Name">1 to 200 characters. Blanks around it are left out.</param>
/// <param name="Email">
/// Plain characters. Its spelling is kept, without blanks around it; compared without regard to case.
/// </param>
/// <param name="Password">8 to 128 characters, and not one that everybody tries first. Compared as Unicode's form KC.</param>
/// <param name="From">The client's network address, as limits count it; null for the host itself, which no pause holds.</param>
/// <param name="Language">Of mails: <c>pt-BR</c> or <c>en</c>; null for that of the installation.</param>
public sealed record RegisterUser(string Name, string Email, string Password, string? From = null, string? Language = null)
    : IRequest<Result<RegisteredUser>>;

/// <summary>A user who has just signed up.</summary>
public sealed record RegisteredUser(Guid Id, string Name, string Email);
