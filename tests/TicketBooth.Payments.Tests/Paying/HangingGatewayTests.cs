using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;
using TicketBooth.Payments.Contracts;
using TicketBooth.Payments.Gateways;
using TicketBooth.Testing;

namespace TicketBooth.Payments.Tests.Paying;

/// <summary>A gateway that takes a request and says nothing: its buyer does not wait for it without bound.</summary>
internal sealed class HangingGatewayTests
{
    private const string ByCard = """{"method":"card","token":"tok_approve"}""";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private FakeGateway gateway = null!;
    private PaymentsHost payments = null!;

    [SetUp]
    public async Task StartAsync()
    {
        gateway = new FakeGateway();
        payments = await PaymentsHost.StartAsync(clock, services: services => services.Replace(ServiceDescriptor.Singleton<IPaymentGateway>(gateway)));
    }

    [TearDown]
    public ValueTask StopAsync() => payments.DisposeAsync();

    [Test]
    public async Task A_charge_whose_outcome_nobody_knows_is_answered_and_recorded_when_it_comes()
    {
        var (asked, answer) = (new TaskCompletionSource(), new TaskCompletionSource<ChargeAnswer>());
        gateway.OnCreate = _ =>
        {
            asked.TrySetResult();
            return answer.Task;
        };
        var order = payments.Booking.NewOrder();
        var paying = payments.PayAsync(order, ByCard);
        await asked.Task.WaitAsync(Patience);

        var (response, body) = await AfterAsync(paying);

        using (response)
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(202), body?.ToJsonString());
        }

        var id = (Guid)body!["paymentId"]!;
        answer.SetResult(new ChargeAnswer.Refused(PaymentsErrors.UnknownToken));
        var kept = await Eventually.Async(() => payments.Store.FindAsync(id), payment => payment!.Status == PaymentStatus.Declined, "the refusal on record");
        Assert.That(kept!.Id, Is.EqualTo(id));
    }

    [Test]
    public async Task A_question_that_is_not_answered_is_answered_as_unreachable()
    {
        gateway.OnCreate = _ => Task.FromResult<ChargeAnswer>(new ChargeAnswer.Uncertain());
        var order = payments.Booking.NewOrder();
        var (begun, first) = await payments.PayAsync(order, ByCard);
        begun.Dispose();
        payments.Booking.UnderWay[order.Id] = (Guid)first!["paymentId"]!;
        var asked = new TaskCompletionSource();
        gateway.OnGet = async cancellationToken =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return new ChargeStanding.NotKnown();
        };
        var again = payments.PayAsync(order, """{"method":"pix"}""");
        await asked.Task.WaitAsync(Patience);

        var (response, body) = await AfterAsync(again);

        using (response)
        {
            Assert.That((int)response.StatusCode, Is.EqualTo(503), body?.ToJsonString());
            Assert.That((string?)body!["code"], Is.EqualTo("gateway-unavailable"));
            Assert.That(response.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
        }
    }

    /// <summary>Passes the time that a request waits, until the answer is there.</summary>
    private async Task<T> AfterAsync<T>(Task<T> answer)
    {
        for (var began = TimeProvider.System.GetTimestamp(); !answer.IsCompleted && TimeProvider.System.GetElapsedTime(began) < Patience;)
        {
            clock.Advance(PaymentGateways.RequestPatience);
            await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(20)));
        }

        return await answer.WaitAsync(TimeSpan.Zero);
    }
}
