namespace TicketBooth.BuildingBlocks.Web;

/// <summary>Names of the rate-limit policies that the host registers.</summary>
public static class RateLimits
{
    /// <summary>Sign-up, sign-in, and what sends mails to an address that is typed; per client address.</summary>
    public const string SignIn = "sign-in";

    /// <summary>Orders and payments, per user.</summary>
    public const string Purchase = "purchase";
}
