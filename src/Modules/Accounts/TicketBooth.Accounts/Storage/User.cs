using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using TicketBooth.Accounts.Domain;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Storage;

/// <summary>Somebody who may sign in: Identity's user and their name.</summary>
internal sealed class User : IdentityUser<Guid>
{
    public string Name { get; set; } = "";

    /// <summary>The name as it is searched for (<see cref="Folding.SearchNameOf"/>).</summary>
    public string SearchName { get; set; } = "";

    /// <summary>Of mails: <c>pt-BR</c> or <c>en</c>; null when nobody said.</summary>
    public string? Language { get; set; }

    /// <summary>When everything about the person was erased. The row stays, so that nobody gets its id, and holds nothing else.</summary>
    public DateTimeOffset? ErasedAt { get; set; }

    /// <summary>Nobody ever chose a password for it: it signs in by a mail.</summary>
    public bool IsGuest => PasswordHash is null && EmailConfirmed;

    public static string NewStamp() => RandomNumberGenerator.GetHexString(40);

    public static User New(string name, string email, string passwordHash, ILookupNormalizer normalizer, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            Name = name,
            SearchName = Folding.SearchNameOf(name),
            Email = email,
            NormalizedEmail = normalizer.NormalizeEmail(email),
            UserName = email,
            NormalizedUserName = normalizer.NormalizeName(email),
            PasswordHash = passwordHash,
            SecurityStamp = NewStamp(),
            LockoutEnabled = true,
        };
}

/// <summary>The roles as rows. Their ids are fixed, so that assigning one needs no query.</summary>
internal static class StoredRoles
{
    public static readonly IReadOnlyDictionary<string, Guid> Ids = new Dictionary<string, Guid>(StringComparer.Ordinal)
    {
        [Roles.Customer] = new("0197a000-0000-7000-8000-000000000001"),
        [Roles.Clerk] = new("0197a000-0000-7000-8000-000000000002"),
        [Roles.Admin] = new("0197a000-0000-7000-8000-000000000003"),
        [Roles.Door] = new("0197a000-0000-7000-8000-000000000004"),
    };

    public static readonly IReadOnlyDictionary<Guid, string> Names = Ids.ToDictionary(role => role.Value, role => role.Key);

    public static IdentityUserRole<Guid> Give(Guid userId, string role) => new() { UserId = userId, RoleId = Ids[role] };
}
