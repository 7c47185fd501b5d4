using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Composing;

/// <summary>The mails about the transfer of a ticket from one person to another.</summary>
internal sealed class TransferLetters(MailWords words, LinkOptions links, string house)
{
    public static bool Knows(string kind) =>
        kind
            is MailKinds.TransferOffered
                or MailKinds.TransferAccepted
                or MailKinds.TransferDeclined
                or MailKinds.TransferWithdrawn;

    /// <exception cref="InvalidOperationException">The event is missing.</exception>
    public MailContent ContentOf(MailFacts facts)
    {
        var show = facts.Event ?? throw new InvalidOperationException($"A mail {facts.Kind} has no event.");
        var data = MailQueue.FromJson<TransferData>(facts.Data);
        var owner = facts.OwnerName ?? words["transfer.somebody"];
        var tier = show.Tiers.FirstOrDefault(tier => tier.Id == data.TierId)?.Name ?? show.Name;
        var ticket = new FactList([
            (words["fact.event"], show.Name),
            (words["fact.venue"], show.Venue),
            (words["fact.starts"], words.Moment(show.StartsAt)),
            (words["fact.tickets"], words["fact.ticket-numbers", tier, data.Number]),
        ]);
        return facts.Kind == MailKinds.TransferOffered
            ? new(
                words["transfer-offered.subject", show.Name],
                [
                    new Paragraph(words["transfer-offered.text", owner, house]),
                    ticket,
                    .. LinkTo(data.TransferId),
                    new Paragraph(words["transfer-offered.how", data.Email]),
                    new CodeBlock(words["code.transfer"], data.TransferId.ToString()),
                    new Note(words["transfer-offered.note"]),
                ]
            )
            : new(words[facts.Kind + ".subject", show.Name], [new Paragraph(words[facts.Kind + ".text", data.Email]), ticket]);
    }

    private IEnumerable<MailBlock> LinkTo(Guid transferId) =>
        links.Transfer is { Length: > 0 } link
            ? [new ActionLink(words["transfer-offered.action"], link.Replace("{transferId}", $"{transferId}", StringComparison.Ordinal))]
            : [];
}
