using System.Net.Http.Json;
using System.Text.RegularExpressions;
using TicketBooth.Testing;

namespace TicketBooth.Dashboard.Tests;

/// <summary>The mails of a host, as text.</summary>
internal static partial class Mailbox
{
    public static List<string> Read(TestHost host) =>
    [
        .. Directory
            .GetFiles(host.Folder, "*.eml", SearchOption.AllDirectories)
            .Select(file => File.ReadAllText(file).Replace("=\r\n", "", StringComparison.Ordinal).Replace("\r\n ", " ", StringComparison.Ordinal)),
    ];

    /// <summary>Brings back the token of the mail that came after a sign-up.</summary>
    public static async Task ConfirmAsync(TestHost host, string address)
    {
        // The address may have had mails of a former account: one token of all is good.
        var used = await Eventually.Async(
            async () =>
            {
                foreach (var token in Read(host).FindAll(mail => mail.Contains($"<{address}>", StringComparison.Ordinal)).Select(mail => Token().Match(mail)))
                {
                    using var confirmed = await host.Client.PostAsJsonAsync("/api/v1/accounts/confirm", new { token = token.Groups["token"].Value });
                    if (confirmed.IsSuccessStatusCode)
                    {
                        return true;
                    }
                }

                return false;
            },
            done => done,
            "the mail that asks to confirm");
        Assert.That(used, Is.True);
    }

    [GeneratedRegex("^(?<token>[A-Za-z0-9_-]{40,})\r?$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Token();
}
