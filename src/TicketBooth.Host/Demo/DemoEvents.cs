using MediatR;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Host.Demo;

/// <summary>A dozen shows of a casino, created and sold through the same requests as real ones.</summary>
internal static class DemoEvents
{
    private const int SoldOutTickets = 40;
    private const int TicketsPerOrder = 10;

    // Faster than a real event, so that prices change within seconds of a purchase.
    private static readonly PricingPolicy QuickDemand = new(PricingMode.Demand, WindowMinutes: 10, StepSeconds: 10);
    private static readonly string[] PricedByDemand = ["Arena Sunrise Festival", "The Grand Illusionist", "Stand-up: Segunda sem Lei"];
    private static readonly Actor DemoActor = new(Guid.Empty, "TicketBooth --demo");

    /// <param name="mediator">Of the whole host.</param>
    /// <param name="newCustomer">Signs up another customer; one buyer may not have a whole show.</param>
    /// <param name="clock">The host's.</param>
    /// <param name="cancellationToken">Canceled when the host stops.</param>
    public static async Task FillAsync(
        IMediator mediator,
        Func<int, Task<Guid>> newCustomer,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var now = clock.GetUtcNow();
        foreach (var form in Season(now))
        {
            var shown = await PublishAsync(mediator, form, cancellationToken);
            if (PricedByDemand.Contains(shown.Name, StringComparer.Ordinal))
            {
                Succeed(await mediator.Send(new ChangePricingPolicy(shown.Id, QuickDemand, DemoActor), cancellationToken));
            }
        }

        // Ends soon, so that there is a past event to look at; but not before a slow machine has published it.
        var opened = clock.GetUtcNow();
        await PublishAsync(
            mediator,
            Show(
                "Opening Cocktail",
                "Lobby Lounge",
                "The house opened its doors with a toast.",
                opened.AddMinutes(1),
                opened,
                Tier("Guest", 5_000, 100)
            ),
            cancellationToken
        );

        var soldOut = await PublishAsync(
            mediator,
            Show(
                "Mesa do Chef: Degustação às Cegas",
                "Salão Imperial",
                "Seven courses, forty guests, no menu.",
                Evening(now, 9),
                now,
                Tier("Seat", 38_000, SoldOutTickets)
            ),
            cancellationToken
        );
        for (var sold = 0; sold < SoldOutTickets; sold += TicketsPerOrder)
        {
            var customerId = await newCustomer(sold / TicketsPerOrder);
            var order = Succeed(
                await mediator.Send(
                    new RequestOrder(customerId, TicketIds: null, soldOut.Id, TierId: null, TicketsPerOrder),
                    cancellationToken
                )
            );
            Succeed(await mediator.Send(new PayOrder(order.Id, customerId, PaymentMethod.Card, "tok_approve"), cancellationToken));
        }
    }

    private static IEnumerable<EventForm> Season(DateTimeOffset now) =>
        [
            Show(
                "Noite de Gala: Roberta Nunes & Orquestra",
                "Grand Theatre",
                "An evening of MPB classics with a forty-piece orchestra.",
                Evening(now, 21),
                now,
                Tier("Box", 68_000, 80),
                Tier("Stalls", 42_000, 420),
                Tier("Balcony", 22_000, 500)
            ),
            Show(
                "Arena Sunrise Festival",
                "Casino Arena",
                "Twelve hours, three stages, ten thousand people.",
                Evening(now, 60),
                now,
                large: true,
                tiers: [Tier("VIP Deck", 95_000, 500), Tier("Front Stage", 48_000, 2_500), Tier("Field", 28_000, 7_000)]
            ),
            Show(
                "New Year's Eve at the Roof",
                "Skyline Roof",
                "Dinner, fireworks and a big band until four.",
                Evening(now, 38),
                now.AddHours(1),
                Tier("Window table", 120_000, 60),
                Tier("Table", 85_000, 140)
            ),
            Show(
                "The Grand Illusionist",
                "Blue Room",
                "Close-up magic and one very large box.",
                Evening(now, 5),
                now,
                Tier("Front row", 26_000, 40),
                Tier("Seat", 15_000, 160)
            ),
            Show(
                "Stand-up: Segunda sem Lei",
                "Comedy Cellar",
                "Six comedians, no script, one light.",
                Evening(now, 3),
                now,
                Tier("Seat", 6_000, 120)
            ),
            Show(
                "Texas Hold'em Main Event",
                "Poker Hall",
                "Buy-in for the three-day main event; 9-handed tables.",
                Evening(now, 14),
                now,
                Tier("Buy-in", 250_000, 360)
            ),
            Show(
                "Tango Under the Chandeliers",
                "Salão Imperial",
                "Live sextet, two couples, one long night.",
                Evening(now, 12),
                now,
                Tier("Table", 34_000, 100),
                Tier("Bar", 18_000, 100)
            ),
            Show(
                "Samba de Raiz com Feijoada",
                "Garden Terrace",
                "Saturday lunch with a roda de samba.",
                Evening(now, 6),
                now,
                Tier("Adult", 14_000, 250),
                Tier("Child", 7_000, 50)
            ),
            Show(
                "Championship Boxing: Silva vs. Kovač",
                "Casino Arena",
                "Twelve rounds for the continental belt.",
                Evening(now, 45),
                now,
                Tier("Ringside", 180_000, 200),
                Tier("Lower bowl", 60_000, 1_800),
                Tier("Upper bowl", 25_000, 3_000)
            ),
            Show("Jazz Brunch", "Lobby Lounge", "Trio, oysters, and no clocks anywhere.", Evening(now, 2), now, Tier("Brunch", 19_000, 80)),
        ];

    private static EventForm Show(
        string name,
        string venue,
        string description,
        DateTimeOffset startsAt,
        DateTimeOffset saleOpensAt,
        params TierForm[] tiers
    ) => Show(name, venue, description, startsAt, saleOpensAt, large: false, tiers);

    private static EventForm Show(
        string name,
        string venue,
        string description,
        DateTimeOffset startsAt,
        DateTimeOffset saleOpensAt,
        bool large,
        TierForm[] tiers
    ) =>
        new(
            name,
            venue,
            description,
            startsAt,
            saleOpensAt,
            EndsSellingAt: startsAt,
            Capacity: tiers.Sum(tier => tier.Tickets),
            Currency: "BRL",
            large,
            tiers
        );

    /// <summary>Eight in the evening in São Paulo.</summary>
    private static DateTimeOffset Evening(DateTimeOffset now, int days) =>
        new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(days).AddHours(23);

    private static TierForm Tier(string name, long price, int tickets) => new(Id: null, name, price, tickets, Floor: null, Ceiling: null);

    private static async Task<EventDetails> PublishAsync(IMediator mediator, EventForm form, CancellationToken cancellationToken)
    {
        var draft = Succeed(await mediator.Send(new CreateEvent(form), cancellationToken));
        return Succeed(await mediator.Send(new PublishEvent(draft.Id), cancellationToken));
    }

    private static T Succeed<T>(Result<T> result) =>
        result.Error is { } error
            ? throw new InvalidOperationException($"The demo data cannot be created: {error.Code}. {error.Detail}")
            : result.Value;
}
