using System.Data.Common;

namespace TicketBooth.BuildingBlocks.Storage.Relational;

/// <summary>Which errors of a relational server mean that it cannot be used now.</summary>
internal static class RelationalOutage
{
    public static bool Is(DbException failure) =>
        failure.IsTransient
        // Classes of SQLSTATE: the connection is lost or refused; a server that stops has ended the statement.
        || failure.SqlState is ['0', '8', ..] or "70100";
}
