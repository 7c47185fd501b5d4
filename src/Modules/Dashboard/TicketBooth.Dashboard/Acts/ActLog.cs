using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using MediatR;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Web;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Acts;

/// <summary>
/// Writes down every act of staff, whether it comes from a page or over REST: that it was begun before it is done, and its outcome after that. An act that cannot be
/// written down is not done.
/// </summary>
internal sealed partial class ActLog<TRequest, TResponse>(
    DashboardDbContext db,
    IMediator mediator,
    TimeProvider clock,
    ILogger<ActLog<TRequest, TResponse>> logger
) : IPipelineBehavior<TRequest, TResponse>
    where TRequest : IStaffAction
    where TResponse : IOutcome
{
    public async Task<TResponse> Handle(TRequest request, CancellationToken cancellationToken, RequestHandlerDelegate<TResponse> next)
    {
        ArgumentNullException.ThrowIfNull(next);
        if (request.By is not { } by)
        {
            return await next();
        }

        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var begun = new ActRow
        {
            Id = id,
            ActId = id,
            At = now,
            ById = by.Id,
            ByName = by.Name,
            Kind = request.Kind,
            SubjectId = request.Subject.Id,
            Request = ActJson.Of(request),
            Before = await StateAsync(request.Subject, cancellationToken),
            Outcome = ActRow.Begun,
        };
        await AddAsync(begun);
        var outcome = await next();
        try
        {
            await AddAsync(await EndAsync(begun, request, outcome));
        }
#pragma warning disable CA1031 // the act is done and was written down as begun; who asked for it must hear that it is done
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LogOutcomeLost(logger, failure, begun.Kind, begun.ActId);
        }

        return outcome;
    }

    private async Task<ActRow> EndAsync(ActRow begun, TRequest request, TResponse outcome)
    {
        var now = clock.GetUtcNow();
        return begun with
        {
            Id = Guid.CreateVersion7(now),
            At = now,
            Outcome = outcome.Error?.Code ?? ActRow.Done,
            After = outcome.Error is null ? await StateAsync(request.Subject, CancellationToken.None) ?? ActJson.Of(outcome.Content) : null,
        };
    }

    private async Task AddAsync(ActRow line)
    {
        db.Add(line);
        await db.SaveChangesAsync(CancellationToken.None);
        db.ChangeTracker.Clear();
    }

    /// <summary>The subject as it is now; null when it has no state that an act of this kind changes.</summary>
    private async Task<string?> StateAsync(ActionSubject subject, CancellationToken cancellationToken) =>
        subject switch
        {
            (ActionSubjectKind.Event, { } id) => await EventAsync(id, cancellationToken),
            (ActionSubjectKind.Order, { } id) => (await mediator.Send(new GetOrderFacts([id]), cancellationToken)).Value is [var order]
                ? ActJson.Of(order)
                : null,
            (ActionSubjectKind.User, { } id) => (await mediator.Send(new GetUsers([id]), cancellationToken)).Value is [var user]
                ? ActJson.Of(user)
                : null,
            _ => null,
        };

    private async Task<string?> EventAsync(Guid id, CancellationToken cancellationToken)
    {
        var form = await mediator.Send(new GetEventForm(id), cancellationToken);
        var pricing = await mediator.Send(new GetPricing(id), cancellationToken);
        return form.IsSuccess && pricing.IsSuccess
            ? ActJson.Of(
                new
                {
                    form.Value.Status,
                    form.Value.Form,
                    pricing.Value.Policy,
                    Prices = pricing.Value.Tiers.Select(tier => new { tier.Name, tier.Price }),
                }
            )
            : null;
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The outcome of {Kind} {ActId} could not be written down; the log says that it was begun"
    )]
    private static partial void LogOutcomeLost(ILogger logger, Exception failure, string kind, Guid actId);
}

/// <summary>What the log keeps of requests and states: readable, as the API writes it.</summary>
internal static class ActJson
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        // For people's eyes in a page that encodes it; escapes would hide names.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static string Of<T>(T value) => JsonSerializer.Serialize(value, Options);
}
