using TicketBooth.Gateways.Callbacks;

namespace TicketBooth.Gateways.Stripe;

/// <summary>The console, the faults and the webhooks' plans over HTTP, for who has the stand-in as a process. Parameters are in the query.</summary>
internal static class StripeControl
{
    public static void Map(WebApplication application, StripeStandIn standIn)
    {
        var control = application.MapGroup("/_standin").AddEndpointFilter(async (context, next) =>
        {
            try
            {
                return await next(context);
            }
            catch (InvalidOperationException exception)
            {
                return Results.Problem(exception.Message, statusCode: 409);
            }
        });
        var console = standIn.Console;
        var faults = standIn.Faults;

        control.MapGet("/payments", () => console.Payments);
        control.MapGet("/refunds", () => console.Refunds);
        control.MapGet("/calls", () => standIn.Calls);
        control.MapPost("/payments", (long amount, string currency) => console.PayUnknown(amount, currency));
        control.MapPost("/payments/{id}/finish", (string id, bool succeeds) => Finish(console, id, succeeds));
        control.MapPost("/payments/{id}/cancel", (string id) => console.CancelPayment(id));
        control.MapPost("/payments/{id}/amount", (string id, long amount) => console.ChangeAmount(id, amount));
        control.MapPost("/payments/{id}/again", (string id, long? amount) => console.PayAgain(id, amount));
        control.MapPost("/payments/{id}/refund", (string id, long? amount) => console.Refund(id, amount));
        control.MapPost("/payments/{id}/dispute", (string id, long? amount) => console.OpenDispute(id, amount));
        control.MapPost("/disputes/{id}/close", (string id, bool isWon) => console.CloseDispute(id, isWon));
        control.MapPost("/refunds/{id}/settle", (string id) => console.SettleRefund(id));
        control.MapPost("/refunds/{id}/fail", (string id, string? reason) => console.FailRefund(id, reason ?? "unknown"));
        control.MapPost("/events/{type}", (string type) => console.SendEvent(type, []));
        control.MapPost("/faults/fail", (StripeOperation operation, int status, int? times) => faults.Fail(operation, status, times ?? 1));
        control.MapPost("/faults/silence", (StripeOperation operation, bool works, int? times) => Silence(faults, operation, works, times ?? 1));
        control.MapPost("/faults/refuse-refunds", () => faults.RefuseRefunds());
        control.MapPost("/faults/amount-of-next", (long amount) => faults.ChangeAmountOfNextIntent(amount));
        control.MapPost("/faults/clear", faults.Clear);
        control.MapPost("/webhooks/url", (Uri? url) => standIn.WebhookUrl = url);
        control.MapPost("/webhooks/plan", (string? name, int copies, bool isHeld) => Plan(standIn.Webhooks, name, new CallbackPlan(copies, isHeld)));
        control.MapPost("/webhooks/release", (CallbackOrder? order, string? name) => standIn.Webhooks.Release(order ?? CallbackOrder.AsSent, name));
    }

    private static void Finish(StripeConsole console, string id, bool succeeds)
    {
        if (console.Payments.SingleOrDefault(payment => payment.Id == id)?.Status == "processing")
        {
            console.FinishProcessing(id, succeeds);
        }
        else
        {
            console.FinishAction(id, succeeds);
        }
    }

    private static void Silence(StripeFaults faults, StripeOperation operation, bool works, int times)
    {
        if (works)
        {
            faults.WorkThenSilence(operation, times);
        }
        else
        {
            faults.Silence(operation, times);
        }
    }

    private static void Plan(CallbackSender webhooks, string? name, CallbackPlan plan)
    {
        if (name is null)
        {
            webhooks.Plan = plan;
        }
        else
        {
            webhooks.PlanFor(name, plan);
        }
    }
}
