using System.Diagnostics.CodeAnalysis;

namespace TicketBooth.BuildingBlocks.Web.Mediation;

/// <summary>Decides, before its handler and all behaviors, whether a request is refused for what it says.</summary>
internal interface IRequestCheck<in TRequest, TResponse>
{
    bool Refuses(TRequest request, [MaybeNullWhen(false)] out TResponse refusal);
}
