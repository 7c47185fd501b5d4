using System.Data.Common;

namespace TicketBooth.BuildingBlocks.Storage.Relational;

/// <summary>Which errors of a relational server mean that it cannot be used now.</summary>
internal static class RelationalOutage
{
    public static bool Is(DbException failure) =>
        failure.IsTransient
        // SQLSTATE: class 08 is a lost or refused connection; 70100 is a statement that ended because the server stops.
        || failure.SqlState is ['0', '8', ..] or "70100";
}
