namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>Somebody with an account, as modules that hold something about them are asked.</summary>
/// <param name="Email">
/// The address, in the spelling of the account. Null while nobody has proven that mails to it arrive: who claims somebody else's address
/// must not see, or erase, what the house holds under it.
/// </param>
public sealed record Person(Guid AccountId, string? Email);

/// <summary>
/// One section of what the system holds about a person. Every module registers those of its own data; the module Accounts puts the export
/// together (ADR 0065). Where a module is not loaded, its sections are left out.
/// </summary>
public interface IPersonalData
{
    /// <summary>Its name in the export, in camelCase.</summary>
    string Section { get; }

    /// <summary>Everything, in an order that stays the same, read piece by piece: a person may have very much of it.</summary>
    /// <returns>Records, which are written by the rules of all JSON of the API.</returns>
    IAsyncEnumerable<object> ReadAsync(Person person, CancellationToken cancellationToken);
}
