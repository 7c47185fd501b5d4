namespace TicketBooth.Payments.Gateways;

/// <summary>The endpoints that a gateway calls, mapped while the gateway is on.</summary>
internal sealed record GatewayEndpoints(Action<IEndpointRouteBuilder> Map);
