using TicketBooth.Payments.Gateways;

namespace TicketBooth.Payments.Tests.Gateways;

/// <summary>What a gateway does that is reached over a network: the same, and what the network does to it.</summary>
internal abstract class RemoteGatewayContract : GatewayContract
{
    /// <summary>What changes something at the gateway.</summary>
    protected enum Call
    {
        Create,
        Cancel,
        Refund,
    }

    /// <summary>The same gateway by settings that lead to an address where nobody listens.</summary>
    protected abstract IPaymentGateway Unreachable { get; }

    /// <summary>The same gateway by settings with a wrong key.</summary>
    protected abstract IPaymentGateway WithWrongKey { get; }

    /// <summary>The setting of that key, for example <c>Payments:Stripe:ApiKey</c>.</summary>
    protected abstract string KeySetting { get; }

    /// <summary>How many charges of ours the gateway knows.</summary>
    protected abstract int ChargesThere { get; }

    /// <summary>The gateway does the next such call, and the connection breaks before it answers.</summary>
    protected abstract void LoseAnswerTo(Call call);

    /// <summary>The connection of the next such call breaks before the gateway does anything.</summary>
    protected abstract void LoseRequestOf(Call call);

    [Test]
    public async Task A_gateway_that_cannot_be_reached_is_an_answer()
    {
        var (charge, capture) = await PaidAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await Unreachable.CreateAsync(NewCharge(), CancellationToken.None), Is.EqualTo(new ChargeAnswer.NotTaken()));
            Assert.That(await Unreachable.GetAsync(ReferenceOf(charge), CancellationToken.None), Is.EqualTo(new ChargeStanding.Unreachable()));
            Assert.That(await Unreachable.CancelAsync(ReferenceOf(charge), CancellationToken.None), Is.EqualTo(CancelAnswer.Unreachable));
            Assert.That(await Unreachable.RefundAsync(AskFor(charge, capture), CancellationToken.None), Is.EqualTo(new RefundAnswer.Unreachable()));
            Assert.That((await Unreachable.CheckAsync(CancellationToken.None) as GatewayCheck.Unreachable)?.Text, Does.StartWith($"Payments:{Gateway.Name}:"));
            Assert.That(
                async () => await Unreachable.ListAsync(Now.AddHours(-1), Now, CancellationToken.None).ToListAsync(),
                Throws.TypeOf<GatewayUnreachableException>()
            );
        }

        Assert.That((await KnownAsync(charge)).Refunds, Is.Empty);
    }

    [Test]
    public async Task A_charge_whose_answer_is_lost_is_found()
    {
        var (charge, before) = (NewCharge(), ChargesThere);
        LoseAnswerTo(Call.Create);

        var taken = await CreateAsync(charge);

        Assert.That((await KnownAsync(charge)).ExternalId, Is.EqualTo(taken.ExternalId));
        Assert.That(ChargesThere - before, Is.EqualTo(1));
    }

    [Test]
    public async Task A_charge_whose_request_is_lost_charges_nobody()
    {
        var charge = NewCharge();
        LoseRequestOf(Call.Create);

        var answer = await Gateway.CreateAsync(charge, CancellationToken.None);

        // Whether it tries again itself is the gateway's own business.
        var standing = await Gateway.GetAsync(ReferenceOf(charge), CancellationToken.None);
        Assert.That((answer.GetType(), standing.GetType()), Is.EqualTo((typeof(ChargeAnswer.NotTaken), typeof(ChargeStanding.NotKnown)))
            .Or.EqualTo((typeof(ChargeAnswer.Taken), typeof(ChargeStanding.Known))));
    }

    [Test]
    public async Task A_charge_that_we_asked_for_and_died_is_found_and_charged_once()
    {
        var (charge, before) = (NewCharge(), ChargesThere);
        LoseAnswerTo(Call.Create);
        await Gateway.CreateAsync(charge, CancellationToken.None);

        // The process that asked is gone with all that it knew; the next one has the payment's id.
        await PayAsync(charge);
        var known = await KnownAsync(charge);
        await Gateway.CreateAsync(charge, CancellationToken.None);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(known.Captures.Single().Amount, Is.EqualTo(charge.Amount));
            Assert.That((await KnownAsync(charge)).Captures, Has.Count.EqualTo(1));
            Assert.That(ChargesThere - before, Is.EqualTo(1));
        }
    }

    [Test]
    public async Task A_refund_whose_answer_is_lost_is_done_once()
    {
        var (charge, capture) = await PaidAsync();
        var ask = AskFor(charge, capture);
        LoseAnswerTo(Call.Refund);

        var first = await RefundAsync(ask);
        await EndRefundsAsync();
        var again = await RefundAsync(ask);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first, Is.Not.TypeOf<RefundAnswer.Refused>().And.Not.TypeOf<RefundAnswer.NotCaptured>());
            Assert.That((await KnownAsync(charge)).Refunds.Single().Id, Is.EqualTo(IdOf(again)));
        }
    }

    [Test]
    public async Task A_refund_whose_request_is_lost_is_done_when_it_is_asked_for_again()
    {
        var (charge, capture) = await PaidAsync();
        var ask = AskFor(charge, capture);
        LoseRequestOf(Call.Refund);

        var first = await RefundAsync(ask);
        var again = await RefundAsync(ask);
        await EndRefundsAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first, Is.Not.TypeOf<RefundAnswer.Refused>().And.Not.TypeOf<RefundAnswer.NotCaptured>());
            Assert.That((await KnownAsync(charge)).Refunds.Single().Id, Is.EqualTo(IdOf(again)));
        }
    }

    [Test]
    public async Task An_end_whose_answer_is_lost_is_found()
    {
        var charge = NewCharge();
        await CreateAsync(charge);
        LoseAnswerTo(Call.Cancel);

        var answer = await Gateway.CancelAsync(ReferenceOf(charge), CancellationToken.None);

        Assert.That((answer, (await KnownAsync(charge)).State), Is.EqualTo((CancelAnswer.Canceled, ChargeState.Canceled)));
    }

    [Test]
    public async Task A_wrong_key_is_told_by_its_setting() =>
        Assert.That((await WithWrongKey.CheckAsync(CancellationToken.None) as GatewayCheck.Wrong)?.Text, Does.StartWith(KeySetting + ": "));
}
