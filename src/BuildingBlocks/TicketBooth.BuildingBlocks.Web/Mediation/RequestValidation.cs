using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using FluentValidation;
using MediatR;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.BuildingBlocks.Web.Mediation;

/// <summary>Runs a request's validator before its handler; a request that fails never reaches the handler.</summary>
internal sealed class RequestValidation<TRequest, TResponse>(IEnumerable<IValidator<TRequest>> validators)
    : IRequestCheck<TRequest, TResponse>
    where TRequest : IRequest<TResponse>
    where TResponse : IFailable<TResponse>
{
    private readonly IValidator<TRequest>[] validators = [.. validators];

    public bool Refuses(TRequest request, [MaybeNullWhen(false)] out TResponse refusal)
    {
        foreach (var validator in validators)
        {
            // Our validators check the request alone and never wait for anything, so a synchronous call is enough.
            var result = validator.Validate(request);
            if (!result.IsValid)
            {
                var fields = result
                    .Errors.GroupBy(failure => JsonPath(failure.PropertyName), StringComparer.Ordinal)
                    .ToDictionary(
                        group => group.Key,
                        group => group.Select(failure => failure.ErrorMessage).ToArray(),
                        StringComparer.Ordinal
                    );
                refusal = TResponse.From(
                    new Error("validation-failed", ErrorKind.Rule, "The request breaks at least one rule; see errors.", fields)
                );
                return true;
            }
        }

        refusal = default;
        return false;
    }

    /// <summary><c>Tiers[0].Name</c> becomes <c>tiers[0].name</c>, as the client spelled it.</summary>
    private static string JsonPath(string propertyName) =>
        string.Join('.', propertyName.Split('.').Select(JsonNamingPolicy.CamelCase.ConvertName));
}
