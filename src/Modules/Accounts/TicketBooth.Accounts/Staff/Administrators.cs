using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Accounts.Staff;

internal static class Administrators
{
    /// <summary>Whether an account is the only administrator. Only in isolation does that stay so until the work is done.</summary>
    public static async Task<bool> IsLastAdminAsync(this AccountsDbContext db, UserView account, CancellationToken cancellationToken)
    {
        var admin = StoredRoles.Ids[Roles.Admin];
        return account.Roles.Contains(Roles.Admin, StringComparer.Ordinal)
            && !await db.UserRoles.AnyAsync(role => role.RoleId == admin && role.UserId != account.Id, cancellationToken);
    }
}
