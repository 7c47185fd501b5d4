using TicketBooth.Accounts.Storage;

namespace TicketBooth.Accounts.Sessions;

internal static class ActiveSessions
{
    /// <summary>Sessions that are neither too old nor idle for too long.</summary>
    public static IQueryable<Session> Active(this IQueryable<Session> sessions, DateTimeOffset now, TimeSpan longestIdle)
    {
        var idleSince = now - longestIdle;
        return sessions.Where(session => session.EndsAt > now && session.SeenAt > idleSince);
    }
}
