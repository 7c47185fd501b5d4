using System.Data.Common;
using TicketBooth.Accounts.Domain;
using TicketBooth.BuildingBlocks.Storage.Relational;

namespace TicketBooth.Accounts.Staff;

/// <summary>Upgrades the search names of accounts that an earlier release stored: they began with no space, and had accents.</summary>
/// <remarks>Here and not in a migration, because neither database can take accents away.</remarks>
internal static class SearchNames
{
    public static async Task UpgradeAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        var former = await connection.ListAsync(
            "SELECT Id, Name FROM AspNetUsers WHERE SearchName NOT LIKE ' %'",
            row => (Id: row.GetGuid(0), Name: row.GetString(1)),
            cancellationToken
        );
        if (former.Count == 0)
        {
            return;
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var (id, name) in former)
        {
            await transaction.RunAsync(
                "UPDATE AspNetUsers SET SearchName = @search WHERE Id = @id",
                cancellationToken,
                ("@search", Folding.SearchNameOf(name)),
                ("@id", id)
            );
        }

        await transaction.CommitAsync(cancellationToken);
    }
}
