using TicketBooth.Gateways.Callbacks;

namespace TicketBooth.Gateways.Pix;

/// <summary>What tests do in code, over HTTP: for a stand-in in a process of its own.</summary>
internal sealed class PixControl(PixStandIn standIn, PixJson json)
{
    public void Map(IEndpointRouteBuilder control)
    {
        control.MapGet("/", () => PixProgram.Describe(standIn));
        control.MapGet("/calls", () => standIn.Calls);
        control.MapGet("/charges", () => PixJson.Array(standIn.Charges.Select(charge => json.Charge(charge))));
        control.MapGet("/pix", () => PixJson.Array(standIn.Received.Select(json.Pix)));
        control.MapPost("/pay", (PixPayment[] payments) => PixJson.Array(standIn.Payer.PayTogether(payments).Select(json.Pix)));
        control.MapPost("/pay-code", (CodeToPay pay) => json.Pix(standIn.Payer.PayCode(pay.Code)));
        control.MapPost("/med/{e2eid}", (string e2eid, long? cents, bool? fraud) => PixJson.Return(standIn.Bank.ReturnByMed(e2eid, cents, fraud ?? true)));
        control.MapPost("/returns/{mode}", (ReturnMode mode) => standIn.Bank.Returns = mode);
        control.MapPost("/returns/{e2eid}/{id}/settle", (string e2eid, string id) => PixJson.Return(standIn.Bank.Settle(e2eid, id)));
        control.MapPost("/returns/{e2eid}/{id}/refuse", (string e2eid, string id) => PixJson.Return(standIn.Bank.Refuse(e2eid, id)));
        control.MapPost("/charges/{txid}/remove", (string txid) => json.Charge(standIn.Bank.RemoveCharge(txid)));
        control.MapPost("/clock/advance/{seconds}", (int seconds) => standIn.Clock.Advance(TimeSpan.FromSeconds(seconds)));
        control.MapPost("/faults", (PixFault fault) => standIn.Faults.Add(fault));
        control.MapDelete("/faults", standIn.Faults.Clear);
        control.MapPost("/tokens/revoke", standIn.Tokens.Revoke);
        control.MapPost("/callbacks/plan", (CallbackPlan plan) => standIn.Callbacks.Plan = plan);
        control.MapPost("/callbacks/release", (CallbackOrder? order) => standIn.Callbacks.Release(order ?? CallbackOrder.AsSent));
        control.MapGet(
            "/callbacks",
            () => standIn.Callbacks.Deliveries.Select(delivery => new { delivery.Callback.Name, delivery.Callback.Url, delivery.Attempts, delivery.IsHeld })
        );
    }

    private sealed record CodeToPay(string Code);
}
