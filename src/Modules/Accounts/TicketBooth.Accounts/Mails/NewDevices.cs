using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Storage;

namespace TicketBooth.Accounts.Mails;

/// <summary>Tells members of the staff of a sign-in on a device that was not seen before, unless it is the first one of all.</summary>
internal sealed class NewDevices(AccountsDbContext db, AccountMessages messages)
{
    /// <summary>Adds to the change that is under way; the caller saves it.</summary>
    /// <param name="user">Who signs in.</param>
    /// <param name="device">What the browser or program calls itself.</param>
    /// <param name="address">The network address that it comes from.</param>
    /// <param name="at">When.</param>
    /// <param name="cancellationToken">Of the request.</param>
    public async Task KnowAsync(User user, string device, string address, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(device));
        var known = await db
            .KnownDevices.Where(seen => seen.UserId == user.Id)
            .Select(seen => seen.Hash)
            .ToListAsync(cancellationToken);
        if (known.Exists(hash.SequenceEqual))
        {
            return;
        }

        db.KnownDevices.Add(new KnownDevice { UserId = user.Id, Hash = hash });
        if (known.Count > 0)
        {
            await messages.TellAsync(
                cancellationToken,
                new SignedInOnNewDevice(user.Id, user.Name, user.Email!, user.Language, device, address, at)
            );
        }
    }
}
