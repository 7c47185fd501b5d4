namespace TicketBooth.ChaosTests.Houses;

/// <summary>The sandbox gateway's tokens: all of them, the usual one most.</summary>
internal static class Sandbox
{
    public const string Good = "tok_approve";

    public static IReadOnlyList<(string Token, int Weight)> Tokens { get; } =
        [
            (Good, 60),
            ("pix", 10),
            ("tok_decline", 6),
            ("tok_silent", 3),
            ("tok_late", 5),
            ("tok_duplicate", 6),
            ("tok_other_amount", 2),
            ("tok_paid_twice", 2),
            ("tok_refund_fails", 2),
            ("tok_dispute", 2),
            ("tok_next_action", 4),
        ];

    /// <param name="webhooks">Where it tells what happened.</param>
    public static IEnumerable<(string Key, string Value)> Settings(Uri webhooks) =>
        [
            ("Payments:Sandbox:WebhookUrl", new Uri(webhooks, "/api/v1/webhooks/payments").ToString()),
            ("Payments:Sandbox:LateSeconds", "1"),
            ("Payments:Sandbox:PixSeconds", "1"),
        ];
}
