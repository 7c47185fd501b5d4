using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using TicketBooth.BuildingBlocks.Storage.Relational;

namespace TicketBooth.Accounts.Storage;

/// <summary>
/// Stores the keys of cookies and form tokens beside those of access tokens, so that a cookie survives a restart and is valid at every host
/// of the same database.
/// </summary>
internal sealed class CookieKeys([FromKeyedServices(AccountsDbContext.Module)] RelationalStorage storage) : IXmlRepository
{
    private static readonly TimeSpan KeyLifetime = TimeSpan.FromDays(90);

    /// <summary>
    /// Creates the first key while the start has the database to itself. Otherwise the first cookie would create it: each of several hosts
    /// would have its own, and learn of the others' a day later.
    /// </summary>
    public static async Task EnsureAsync(
        System.Data.Common.DbConnection connection,
        IKeyManager manager,
        CancellationToken cancellationToken
    )
    {
        if ((await connection.ListAsync("SELECT Id FROM CookieKeys", row => row.GetString(0), cancellationToken)).Count == 0)
        {
            // Data protection reads the system's clock only.
            var now = TimeProvider.System.GetUtcNow();
            manager.CreateNewKey(now, now + KeyLifetime);
        }
    }

    public IReadOnlyCollection<XElement> GetAllElements() =>
        Wait(async () =>
        {
            await using var connection = await storage.ConnectAsync(CancellationToken.None);
            return await connection.ListAsync(
                "SELECT Xml FROM CookieKeys ORDER BY Id",
                row => XElement.Parse(row.GetString(0)),
                CancellationToken.None
            );
        });

    public void StoreElement(XElement element, string friendlyName) =>
        Wait(async () =>
        {
            await using var connection = await storage.ConnectAsync(CancellationToken.None);
            await connection.RunAsync(
                "INSERT INTO CookieKeys(Id, Xml) VALUES (@id, @xml)",
                CancellationToken.None,
                ("@id", friendlyName),
                ("@xml", element.ToString(SaveOptions.DisableFormatting))
            );
            return true;
        });

    /// <remarks>Data protection's interface is synchronous; it is called at the start and once a day.</remarks>
    private static T Wait<T>(Func<Task<T>> work) => Task.Run(work).GetAwaiter().GetResult();
}
