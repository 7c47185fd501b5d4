using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Notifications.Domain;
using TicketBooth.Notifications.Storage;

namespace TicketBooth.Notifications.Composing;

/// <summary>The mails about an order, and about the event that it is for.</summary>
internal sealed class OrderMails(MailWords words, LinkOptions links)
{
    /// <exception cref="InvalidOperationException">The order or the event is missing, or the kind has no text.</exception>
    public MailContent ContentOf(MailFacts facts)
    {
        var order = facts.Order ?? throw new InvalidOperationException($"A mail {facts.Kind} has no order.");
        var of = facts.Event ?? throw new InvalidOperationException($"A mail {facts.Kind} has no event.");
        var number = SpokenId.Of(order.Id);
        var until = words.Clock(order.ExpiresAt);
        return facts.Kind switch
        {
            MailKinds.OrderPlaced => Mail(
                words["order-placed.subject", number, until],
                order,
                of,
                [
                    new Paragraph(words["order-placed.text", of.Name, words.Moment(order.ExpiresAt)]),
                    .. facts.PixCode is { } code
                        ? [new Paragraph(words["order-placed.pix"]), new CodeBlock(words["code.pix"], code)]
                        : Array.Empty<MailBlock>(),
                ]
            ),
            MailKinds.OrderPaid => Mail(
                words["order-paid.subject", of.Name],
                order,
                of,
                [
                    new Paragraph(words["order-paid.text"]),
                    .. facts.Tickets is { Count: > 0 } ? [new Paragraph(words["order-paid.attached"])] : Array.Empty<MailBlock>(),
                ]
            ),
            MailKinds.PaymentDeclined => Mail(
                words["payment-declined.subject", number],
                order,
                of,
                [
                    new Paragraph(words["payment-declined.text"]),
                    new Paragraph(words["payment-declined.again", words.Moment(order.ExpiresAt)]),
                ]
            ),
            MailKinds.HoldEnding => Mail(
                words["hold-ending.subject", of.Name, until],
                order,
                of,
                [new Paragraph(words["hold-ending.text", until])]
            ),
            MailKinds.OrderCanceled => Mail(
                words["order-canceled.subject", number],
                order,
                of,
                [new Paragraph(words["order-canceled.text"]), new Note(words["order-canceled.note"])]
            ),
            MailKinds.OrderRefunded => Mail(
                words["order-refunded.subject", number],
                order,
                of,
                Refund(MailQueue.FromJson<RefundData>(facts.Data), order)
            ),
            MailKinds.EventChanged or MailKinds.EventPostponed => Change(facts, order, of),
            MailKinds.EventCanceled => Mail(
                words["event-canceled.subject", of.Name],
                order,
                of,
                [
                    new Paragraph(words["event-canceled.text", of.Name]),
                    new Paragraph(
                        order.PaidAt is null
                            ? words["event-canceled.unpaid"]
                            : words["event-canceled.paid", words.Money(order.Total, order.Currency)]
                    ),
                ]
            ),
            _ => throw new InvalidOperationException($"There is no text for a mail {facts.Kind}."),
        };
    }

    private List<MailBlock> Refund(RefundData data, OrderRow order) =>
        data.Amount == 0
            ? [new Paragraph(words["order-ended.text"])]
            :
            [
                new Paragraph(words["order-refunded.text", words.Money(data.Amount, order.Currency)]),
                new Paragraph(words[data.EndsOrder ? "order-refunded.all" : "order-refunded.part"]),
            ];

    private MailContent Change(MailFacts facts, OrderRow order, EventFacts of)
    {
        var data = MailQueue.FromJson<ChangeData>(facts.Data);
        var changes = new List<(string, string)>();
        if (data.Name != data.NewName)
        {
            Add("fact.event", data.Name, data.NewName);
        }

        if (data.Venue != data.NewVenue)
        {
            Add("fact.venue", data.Venue, data.NewVenue);
        }

        if (data.StartsAt != data.NewStartsAt)
        {
            Add("fact.starts", words.Moment(data.StartsAt), words.Moment(data.NewStartsAt));
        }

        return Mail(
            words[facts.Kind + ".subject", data.NewName],
            order,
            of,
            [new Paragraph(words[facts.Kind + ".text"]), new FactList(changes)]
        );

        void Add(string what, string before, string now)
        {
            changes.Add(($"{words[what]}, {words["fact.was"]}", before));
            changes.Add(($"{words[what]}, {words["fact.now"]}", now));
        }
    }

    private MailContent Mail(string subject, OrderRow order, EventFacts of, IReadOnlyList<MailBlock> blocks) =>
        new(
            subject,
            [
                .. blocks,
                new FactList([
                    (words["fact.order"], SpokenId.Of(order.Id)),
                    (words["fact.event"], of.Name),
                    (words["fact.venue"], of.Venue),
                    (words["fact.starts"], words.Moment(of.StartsAt)),
                    (words["fact.tickets"], TicketsOf(order, of)),
                    (words["fact.total"], words.Money(order.Total, order.Currency)),
                ]),
                .. links.Order is { Length: > 0 } link
                    ? [new ActionLink(words["common.open-order"], link.Replace("{orderId}", order.Id.ToString(), StringComparison.Ordinal))]
                    : Array.Empty<MailBlock>(),
            ]
        );

    private string TicketsOf(OrderRow order, EventFacts of) =>
        string.Join(
            "; ",
            MailQueue
                .FromJson<List<TicketGroup>>(order.Tickets)
                .Select(group =>
                    words[
                        "fact.ticket-numbers",
                        of.Tiers.FirstOrDefault(tier => tier.Id == group.Tier)?.Name ?? of.Name,
                        string.Join(", ", group.Numbers)
                    ]
                )
        );
}
