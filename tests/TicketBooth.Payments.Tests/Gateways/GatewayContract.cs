using TicketBooth.Payments.Domain;
using TicketBooth.Payments.Gateways;

namespace TicketBooth.Payments.Tests.Gateways;

/// <summary>
/// What every gateway does, whoever it is. A subclass brings a gateway, and what happens on its other side: the buyer who pays, the bank
/// that carries refunds out. What a gateway cannot do by its <see cref="GatewayAbilities"/>, it refuses.
/// </summary>
internal abstract class GatewayContract
{
    protected const long Amount = 12_550;

    protected abstract IPaymentGateway Gateway { get; }

    /// <summary>The gateway's clock.</summary>
    protected abstract DateTimeOffset Now { get; }

    protected virtual string Currency => "BRL";

    /// <summary>A charge that waits for its buyer once it is created; not yet created.</summary>
    protected abstract Charge NewCharge(long amount = Amount);

    /// <summary>The buyer of a created charge pays all of it, and the gateway has the money when this ends.</summary>
    protected abstract Task PayAsync(Charge charge);

    /// <summary>The gateway ends every refund that it has accepted: the money is back.</summary>
    protected abstract Task EndRefundsAsync();

    protected static PaymentReference ReferenceOf(Charge charge, string? externalId = null) =>
        new(charge.PaymentId, externalId, charge.ExpiresAt.AddMinutes(-15));

    protected static RefundAsk AskFor(Charge charge, GatewayCapture capture, long? amount = null) =>
        new(Guid.CreateVersion7(), ReferenceOf(charge), capture.Id, amount ?? capture.Amount, capture.Currency, "order-canceled");

    protected async Task<ChargeAnswer.Taken> CreateAsync(Charge charge)
    {
        var answer = await Gateway.CreateAsync(charge, CancellationToken.None);
        Assert.That(answer, Is.TypeOf<ChargeAnswer.Taken>());
        return (ChargeAnswer.Taken)answer;
    }

    protected async Task<ChargeStanding.Known> KnownAsync(Charge charge, IPaymentGateway? gateway = null)
    {
        var standing = await (gateway ?? Gateway).GetAsync(ReferenceOf(charge), CancellationToken.None);
        Assert.That(standing, Is.TypeOf<ChargeStanding.Known>());
        return (ChargeStanding.Known)standing;
    }

    protected async Task<(Charge Charge, GatewayCapture Capture)> PaidAsync(long amount = Amount)
    {
        var charge = NewCharge(amount);
        await CreateAsync(charge);
        await PayAsync(charge);
        return (charge, (await KnownAsync(charge)).Captures.Single());
    }

    protected Task<RefundAnswer> RefundAsync(RefundAsk ask) => Gateway.RefundAsync(ask, CancellationToken.None);

    /// <summary>The id of a refund that the gateway has done or accepted.</summary>
    protected static string IdOf(RefundAnswer answer) =>
        answer switch
        {
            RefundAnswer.Settled settled => settled.ExternalId,
            RefundAnswer.Asked asked => asked.ExternalId,
            _ => throw new AssertionException($"Neither done nor accepted: {answer}"),
        };

    protected async Task<IReadOnlyList<GatewayMovement>> ListAsync(DateTimeOffset from, DateTimeOffset to) =>
        await Gateway.ListAsync(from, to, CancellationToken.None).ToListAsync();

    [Test]
    public async Task A_charge_waits_for_its_buyer_and_is_found_by_our_id_alone()
    {
        var charge = NewCharge();

        var taken = await CreateAsync(charge);

        var known = await KnownAsync(charge);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(known.ExternalId, Is.EqualTo(taken.ExternalId).And.Not.Empty);
            Assert.That(known.State, Is.EqualTo(ChargeState.Pending).Or.EqualTo(ChargeState.ActionRequired));
            Assert.That((known.PixCode, known.NextAction), Is.EqualTo((taken.PixCode, taken.NextAction)));
            Assert.That(known.Captures, Is.Empty);
            Assert.That(known.Refunds, Is.Empty);
            Assert.That(
                (await Gateway.GetAsync(ReferenceOf(charge, taken.ExternalId), CancellationToken.None) as ChargeStanding.Known)?.ExternalId,
                Is.EqualTo(taken.ExternalId)
            );
        }
    }

    [Test]
    public async Task A_charge_that_is_created_again_is_the_same()
    {
        var charge = NewCharge();
        var first = await CreateAsync(charge);

        var again = await CreateAsync(charge);
        var together = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => CreateAsync(charge)));
        await PayAsync(charge);

        var known = await KnownAsync(charge);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(together.Append(again).Select(taken => (taken.ExternalId, taken.PixCode)), Is.All.EqualTo((first.ExternalId, first.PixCode)));
            Assert.That(known.Captures.Single().Amount, Is.EqualTo(charge.Amount));
        }
    }

    [Test]
    public async Task A_charge_that_is_created_many_times_at_once_is_one()
    {
        var charge = NewCharge();

        var together = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => CreateAsync(charge)));
        await PayAsync(charge);

        Assert.That(together.Select(taken => taken.ExternalId).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(1));
        Assert.That((await KnownAsync(charge)).Captures, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task What_was_never_created_is_not_known()
    {
        var charge = NewCharge();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await Gateway.GetAsync(ReferenceOf(charge), CancellationToken.None), Is.EqualTo(new ChargeStanding.NotKnown()));
            Assert.That(await Gateway.CancelAsync(ReferenceOf(charge), CancellationToken.None), Is.EqualTo(CancelAnswer.NotKnown));
        }
    }

    [Test]
    public async Task Paid_money_is_one_capture_of_the_amount()
    {
        var before = Now;
        var (charge, capture) = await PaidAsync();

        var known = await KnownAsync(charge);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(known.State, Is.EqualTo(ChargeState.Captured));
            Assert.That((capture.Amount, capture.Currency), Is.EqualTo((charge.Amount, Currency)));
            Assert.That(capture.Id, Is.Not.Empty);
            Assert.That(capture.At, Is.InRange(before.AddSeconds(-1), Now.AddSeconds(1)));
            Assert.That(known.Captures, Is.EqualTo(new[] { capture }), "the same each time");
        }
    }

    [Test]
    public async Task A_charge_that_waits_can_be_ended_or_is_left_as_it_is()
    {
        var charge = NewCharge();
        await CreateAsync(charge);

        var answer = await Gateway.CancelAsync(ReferenceOf(charge), CancellationToken.None);
        var again = await Gateway.CancelAsync(ReferenceOf(charge), CancellationToken.None);

        var (wanted, state) = Gateway.Abilities.CancelsAttempts
            ? (CancelAnswer.Canceled, ChargeState.Canceled)
            : (CancelAnswer.Unreachable, ChargeState.Pending);
        Assert.That((answer, again, (await KnownAsync(charge)).State), Is.EqualTo((wanted, wanted, state)));
    }

    [Test]
    public async Task A_paid_charge_is_not_ended()
    {
        var (charge, capture) = await PaidAsync();

        var answer = await Gateway.CancelAsync(ReferenceOf(charge), CancellationToken.None);

        var known = await KnownAsync(charge);
        Assert.That((answer, known.State), Is.EqualTo((CancelAnswer.AlreadyCaptured, ChargeState.Captured)));
        Assert.That(known.Captures, Is.EqualTo(new[] { capture }));
    }

    [Test]
    public async Task All_the_money_goes_back()
    {
        var (charge, capture) = await PaidAsync();
        var ask = AskFor(charge, capture);

        var answer = await RefundAsync(ask);
        await EndRefundsAsync();

        var known = await KnownAsync(charge);
        var refund = known.Refunds.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(answer is RefundAnswer.Asked, Is.False.Or.EqualTo(Gateway.Abilities.AsynchronousRefunds));
            Assert.That(known.State, Is.EqualTo(ChargeState.Captured), "also when the money has gone back");
            Assert.That((refund.Amount, refund.Currency, refund.State), Is.EqualTo((charge.Amount, Currency, GatewayRefundState.Settled)));
            Assert.That((refund.Id, refund.CaptureId), Is.EqualTo((IdOf(answer), capture.Id)));
            Assert.That(refund.RefundId, Is.EqualTo(ask.RefundId));
        }
    }

    [Test]
    public async Task Parts_of_the_money_go_back_or_are_refused()
    {
        var (charge, capture) = await PaidAsync();
        var asks = new[] { AskFor(charge, capture, 5_000), AskFor(charge, capture, 50) };

        var answers = new List<RefundAnswer>();
        foreach (var ask in asks)
        {
            answers.Add(await RefundAsync(ask));
        }

        await EndRefundsAsync();
        var refunds = (await KnownAsync(charge)).Refunds;
        if (Gateway.Abilities.PartialRefunds)
        {
            Assert.That(refunds.Select(refund => refund.Amount), Is.EquivalentTo(asks.Select(ask => ask.Amount)));
            Assert.That(refunds.Select(refund => refund.Id), Is.EquivalentTo(answers.Select(IdOf)));
        }
        else
        {
            Assert.That(answers, Is.All.TypeOf<RefundAnswer.Refused>());
            Assert.That(refunds, Is.Empty);
        }
    }

    [Test]
    public async Task More_than_was_captured_never_goes_back()
    {
        var (charge, capture) = await PaidAsync();

        var tooMuch = await RefundAsync(AskFor(charge, capture, Amount + 1));
        var all = await RefundAsync(AskFor(charge, capture));
        await EndRefundsAsync();
        var more = await RefundAsync(AskFor(charge, capture, 1));
        await EndRefundsAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(new[] { tooMuch, more }, Is.All.TypeOf<RefundAnswer.Refused>());
            Assert.That((await KnownAsync(charge)).Refunds.Where(refund => refund.State == GatewayRefundState.Settled).Select(refund => refund.Id), Is.EqualTo(new[] { IdOf(all) }));
        }
    }

    [Test]
    public async Task A_refund_that_is_asked_for_again_is_the_same()
    {
        var (charge, capture) = await PaidAsync();
        var ask = AskFor(charge, capture);

        var first = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RefundAsync(ask)));
        await EndRefundsAsync();
        var again = await RefundAsync(ask);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.Append(again).Select(IdOf).Distinct(StringComparer.Ordinal).Count(), Is.EqualTo(1));
            Assert.That(again, Is.TypeOf<RefundAnswer.Settled>());
            Assert.That((await KnownAsync(charge)).Refunds.Single().Amount, Is.EqualTo(Amount));
        }
    }

    [Test]
    public async Task Nothing_goes_back_of_a_charge_that_waits()
    {
        var charge = NewCharge();
        var taken = await CreateAsync(charge);

        var answer = await RefundAsync(AskFor(charge, new GatewayCapture(taken.ExternalId, Amount, Currency, Now)));

        Assert.That(answer, Is.EqualTo(new RefundAnswer.NotCaptured()));
        Assert.That((await KnownAsync(charge)).Refunds, Is.Empty);
    }

    [Test]
    public async Task What_it_took_and_gave_back_is_listed_by_its_time()
    {
        var from = Now.AddSeconds(-1);
        var (charge, capture) = await PaidAsync();
        var ask = AskFor(charge, capture);
        var refund = IdOf(await RefundAsync(ask));
        await EndRefundsAsync();
        var to = Now.AddSeconds(1);

        var listed = (await ListAsync(from, to)).Where(movement => movement.PaymentId == charge.PaymentId).ToList();
        var others = (await ListAsync(from.AddHours(-2), from.AddHours(-1))).Concat(await ListAsync(to.AddHours(1), to.AddHours(2)));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(others.Where(movement => movement.PaymentId == charge.PaymentId), Is.Empty);
            Assert.That(
                listed.Select(movement => (movement.Kind, movement.Id, movement.Amount, movement.Currency)),
                Gateway.Abilities.ListsMovements
                    ? Is.EquivalentTo(new[] { (MovementKind.Capture, capture.Id, Amount, Currency), (MovementKind.Refund, refund, Amount, Currency) })
                    : Is.Empty
            );
        }
    }

    [Test]
    public async Task The_settings_of_a_gateway_that_works_are_right() =>
        Assert.That(await Gateway.CheckAsync(CancellationToken.None), Is.EqualTo(new GatewayCheck.Right()));
}
