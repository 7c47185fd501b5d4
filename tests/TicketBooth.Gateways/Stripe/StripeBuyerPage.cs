using Microsoft.AspNetCore.WebUtilities;

namespace TicketBooth.Gateways.Stripe;

/// <summary>Where the buyer proves who he is: the page of 3-D Secure. <c>?outcome=succeed|fail</c> ends it and sends him back.</summary>
internal static class StripeBuyerPage
{
    public const string Path = "/_buyer/authenticate/{intent}";

    public static string UrlFor(Uri address, string intent) => new Uri(address, $"/_buyer/authenticate/{intent}").ToString();

    public static IResult Answer(StripeLedger ledger, StripePayments payments, string intent, string? outcome)
    {
        lock (ledger.Gate)
        {
            var found = ledger.Intents.Find(each => each.Id == intent);
            if (found is null)
            {
                return Results.NotFound();
            }

            if (outcome is not ("succeed" or "fail"))
            {
                return Results.Content("<a href='?outcome=succeed'>Complete</a> <a href='?outcome=fail'>Fail</a>", "text/html; charset=utf-8");
            }

            if (found.Status != "requires_action")
            {
                return Results.Conflict();
            }

            payments.Finish(found, outcome == "succeed");
            return found.ReturnUrl is null ? Results.Ok() : Results.Redirect(QueryHelpers.AddQueryString(found.ReturnUrl, new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["payment_intent"] = found.Id,
                ["payment_intent_client_secret"] = found.ClientSecret,
                ["redirect_status"] = found.Status is "succeeded" or "processing" or "requires_capture" ? "succeeded" : "failed",
            }));
        }
    }
}
