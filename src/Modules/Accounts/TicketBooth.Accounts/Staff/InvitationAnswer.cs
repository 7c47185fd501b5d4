using TicketBooth.Accounts.Contracts;

namespace TicketBooth.Accounts.Staff;

/// <summary>An invitation in REST.</summary>
/// <param name="Id">Of the account.</param>
/// <param name="Token">Sets the password, once. Only its invitation and its renewal show it.</param>
internal sealed record InvitationAnswer(Guid Id, string Name, string Email, string Role, string Token, DateTimeOffset ExpiresAt)
{
    public const string Example = """
        { "id": "0199e2ee-3c10-7a44-9f21-7b8c9d0e1f2a", "name": "Carla", "email": "carla@example.com", "role": "clerk",
          "token": "CfDJ8…", "expiresAt": "2026-12-04T20:00:00Z" }
        """;

    /// <summary>Forbids proxies and browsers to store the answer: its token sets a password.</summary>
    public static InvitationAnswer Of(Invitation invitation, HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        var user = invitation.User;
        return new(user.Id, user.Name, user.Email, user.Roles[0], invitation.Token, invitation.ExpiresAt);
    }
}
