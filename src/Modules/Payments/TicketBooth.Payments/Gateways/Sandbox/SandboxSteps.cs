using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Payments.Gateways.Sandbox;

/// <summary>Where the sandbox sends a buyer who must take a step, as a bank's page would be. Being there is the step.</summary>
internal static class SandboxSteps
{
    public static string AddressOf(Guid paymentId) => $"/sandbox/steps/{paymentId}";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/sandbox/steps/{id:guid}", async (Guid id, SandboxGateway gateway) =>
                await gateway.TakeStepAsync(id)
                    ? TypedResults.Text("The payment goes on. You can go back to the shop.")
                    : Error.NotFound("step-not-found", "No payment waits for a step here.").ToProblem()
            )
            .AllowAnonymous()
            .ExcludeFromDescription();
}
