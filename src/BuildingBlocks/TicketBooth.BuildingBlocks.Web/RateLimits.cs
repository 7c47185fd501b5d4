namespace TicketBooth.BuildingBlocks.Web;

/// <summary>Names of the rate-limit policies that the host registers; see its README for the figures.</summary>
public static class RateLimits
{
    /// <summary>Per client address: sign-up and sign-in.</summary>
    public const string SignIn = "sign-in";

    /// <summary>Per user: orders and payments.</summary>
    public const string Purchase = "purchase";
}
