namespace TicketBooth.Accounts.Domain;

/// <summary>What an access token says about its bearer.</summary>
internal sealed record Bearer(Guid Id, string Name, string Email, IReadOnlyList<string> Roles);
