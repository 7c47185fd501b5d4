using System.Text.RegularExpressions;
using Microsoft.Extensions.Localization;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Dashboard.Shell;

/// <summary>The texts of all pages, in <c>Words.resx</c> and <c>Words.pt-BR.resx</c>; the English text is the key.</summary>
internal sealed class Words
{
    /// <summary>The texts of errors on pages, by their codes. An error that is not here is shown with its own detail.</summary>
    public static readonly IReadOnlyDictionary<string, string> OfErrors = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["invalid-credentials"] = "The e-mail address or the password is wrong.",
        ["locked-out"] = "Too many wrong attempts. Wait a few minutes and try again.",
        ["sign-in-busy"] = "Too many people are signing in at this moment. Try again in a few seconds.",
        ["second-factor-wrong"] = "The code is wrong, too old, or was used before.",
        ["second-factor-off"] = "The second factor is not switched on.",
        ["second-factor-on"] = "The second factor is switched on already.",
        ["second-factor-not-begun"] = "Start again: there is no key to confirm.",
        ["session-ended"] = "The session has ended; sign in again.",
        ["account-not-found"] = "There is no such account.",
        ["account-disabled"] = "This account is disabled.",
        ["staff-account"] = "The account belongs to a member of staff. Take the staff roles from it first.",
        ["order-open"] = "An order of this person waits for its payment. Cancel it, or wait until its hold is over.",
        ["tickets-valid"] = "The person has tickets of a show that is still to come. Cancel the order, or wait until the show is over.",
        ["refund-open"] = "Money is on its way back to this person. Wait until it has arrived.",
        ["dispute-open"] = "The person's bank disputes a payment. Wait until it has decided.",
        ["own-account"] = "You cannot disable your own account; another administrator can.",
        ["email-taken"] = "There is already an account with this e-mail address. Find it in the list and give it a role.",
        ["invitation-invalid"] = "This invitation is unknown, was used before, or has expired. Ask an administrator for a new link.",
        ["invitation-accepted"] = "The invitation was accepted already.",
        ["role-lost"] = "You are not an administrator any more; nothing was changed.",
        ["last-admin"] = "This is the last administrator; appoint another one first.",
        ["roles-changed"] = "Somebody else changed the roles of this account meanwhile. Check them and repeat your change.",
        ["dead-letter-not-found"] = "There is no such failed message, or it was replayed or dropped meanwhile.",
        ["dead-letter-failed-again"] = "The module failed on the message again, so it stays in the list. The log has the exception.",
        ["upkeep-under-way"] = "A rebuild or a comparison with the ledger is under way. Wait until it ends.",
        ["event-changed"] = "Somebody else changed the event meanwhile. Reload it and repeat your change.",
        ["event-canceled"] = "The event is canceled. This cannot be undone.",
        ["event-ended"] = "The event is over.",
        ["sale-over"] = "The sale closes before it could open; move its end first.",
        ["start-passed"] = "The show would have started already; move its start first.",
        ["currency-not-accepted"] = "No payment gateway accepts this currency.",
        ["tickets-sold"] = "Tickets were sold meanwhile. Save again to see what that means for their buyers.",
        ["tickets-released"] = "The tickets of a published event are released: tiers and tickets can be added but not removed.",
        ["prices-changed"] = "What you typed, or the prices, have changed since they were shown. Look at them again.",
        ["event-published"] = "Only a draft can be deleted. A published event can be canceled.",
        ["policy-changed"] = "Somebody else changed the policy meanwhile. Check it and repeat your change.",
        ["order-changed"] = "The order's status has changed meanwhile, and nothing was done. Check it and decide again.",
        ["order-not-paid"] = "The order was not paid. There is no money to give back.",
        ["ticket-not-in-order"] = "A ticket that you chose is not in this order.",
        ["ticket-released"] = "A ticket that you chose was released meanwhile. Check the order and decide again.",
        ["tickets-not-named"] = "Choose the tickets to release.",
        ["amount-over-rest"] = "That is more than what is left of the order's money.",
        ["nothing-to-refund"] = "Choose tickets to release, or type an amount to give back.",
        ["event-not-found"] = "There is no such event, or it is not published yet.",
        ["ticket-not-found"] = "The event does not have all of these ticket numbers.",
        ["tier-not-found"] = "Type ticket numbers, or choose a tier and how many.",
        ["ticket-block-not-found"] = "There are no such tickets off sale.",
        ["tickets-withdrawn"] = "These tickets were withdrawn for good. Only tickets on hold can be released.",
        ["busy"] = "Too many people are buying at this moment. Try again in a few seconds.",
        ["no-open-shift"] = "You have no open shift. Open one first.",
        ["shift-already-open"] = "You have an open shift already.",
        ["shift-closed"] = "The shift is closed. An administrator refunds what was sold in it.",
        ["shift-not-found"] = "There is no such shift, or it is not yours.",
        ["shift-currency"] = "Your shift is in another currency than the event.",
        ["not-your-shift"] = "Only the clerk of the shift or an administrator may do that.",
        ["sales-under-way"] = "A sale of the shift is being written. Try again in a moment.",
        ["tendered-too-little"] = "The buyer has given less than the total. Nothing was sold.",
        ["complimentary-allowance"] = "The event has not so many complimentary tickets left to give away.",
        ["void-closed"] = "The time in which the sale could be voided has passed. An administrator refunds it.",
        ["administrator-needed"] = "The time in which the sale could be voided has passed. Only an administrator gives its money back.",
        ["nothing-owed"] = "The buyer has no money to get at the counter.",
        ["reference-needed"] = "Reverse the payment on the card terminal first, and type the reference of the reversal.",
        ["not-a-counter-sale"] = "The order was not sold at the counter.",
        ["price-changed"] = "The price has changed. Tell the buyer the new total, then sell again.",
        ["not-enough-tickets"] = "There are not that many tickets left.",
        ["ticket-taken"] = "Somebody else was faster: the tickets are taken.",
        ["sale-closed"] = "The event's sale has closed.",
        ["sale-not-open"] = "The event's sale has not opened yet.",
        ["order-not-found"] = "There is no such order.",
        ["payment-not-found"] = "There is no such payment of this order.",
        ["gateway-unavailable"] = "The payment gateway cannot be reached now; try again.",
        ["amount-mismatch"] = "The gateway captured another amount than the order's. Nothing was changed; ask the gateway's support.",
        ["money-case-not-found"] = "There is no such case.",
        ["money-case-choice"] = "Somebody else has dealt with it meanwhile, or the gateway has. Look at the case again.",
        ["reconciliation-under-way"] = "A comparison with the gateways is under way. Wait until it ends.",
        ["mail-not-found"] = "There is no such mail any more.",
        ["mail-waits"] = "The mail waits to be sent already.",
        ["mail-held-secret"] = "The mail held a code that is not kept. The person must ask for a new one.",
        ["validation-failed"] = "Something in the form is not right.",
    };

    private Words() { }
}

internal static partial class WordsExtensions
{
    public static string Explain(this IStringLocalizer<Words> words, Error error)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(error);
        return words[Words.OfErrors.TryGetValue(error.Code, out var text) ? text : error.Detail];
    }

    /// <summary>What is wrong with which field, where the error says so; for forms that show one message for all their fields.</summary>
    public static string ExplainFields(this IStringLocalizer<Words> words, Error error)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(error);
        return error.Fields is { } fields
            ? string.Join(
                ' ',
                fields.Values.SelectMany(messages => messages).Distinct(StringComparer.Ordinal).Select(text => words[text].Value)
            )
            : words.Explain(error);
    }

    /// <summary>A validator's message without the property name that it begins with: the page shows the field's label instead.</summary>
    public static string Rule(this IStringLocalizer<Words> words, string message)
    {
        ArgumentNullException.ThrowIfNull(words);
        return words[Property().Replace(message, "", 1)];
    }

    [GeneratedRegex("^'[^']*' ", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Property();
}
