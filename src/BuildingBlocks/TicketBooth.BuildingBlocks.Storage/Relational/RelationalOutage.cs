using System.Data.Common;
using System.Net.Sockets;
using MySqlConnector;

namespace TicketBooth.BuildingBlocks.Storage.Relational;

/// <summary>Which errors of a relational server mean that it cannot be used now.</summary>
internal static class RelationalOutage
{
    public static bool Is(DbException failure) =>
        failure.IsTransient
        // SQLSTATE: class 08 is a lost or refused connection; 70100 is a statement that ended because the server stops.
        || failure.SqlState is ['0', '8', ..] or "70100"
        // The server did not answer in time, or the connection was lost on the way: the driver says so without a SQLSTATE.
        || failure is MySqlException { ErrorCode: MySqlErrorCode.CommandTimeoutExpired }
        || failure is MySqlException { InnerException: IOException or SocketException or TimeoutException };

    /// <summary>Whether an exception that is not the driver's own has come out of it.</summary>
    public static bool Raised(Exception failure) =>
        failure.StackTrace?.Contains(" MySqlConnector.", StringComparison.Ordinal) == true;
}
