using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using TicketBooth.BuildingBlocks.Storage.Relational;

namespace TicketBooth.Accounts.Keys;

/// <summary>
/// Data protection's keys in the database, so that a cookie survives a restart and is valid at every host of the same database.
/// </summary>
internal sealed class KeyTable(RelationalStorage storage) : IXmlRepository
{
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
