using MediatR;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.ReadModel;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.AuditLog;

/// <summary>
/// Logs every staff action, from a page or over REST: a line before it runs, and a line with its outcome. An action that cannot be logged
/// does not run.
/// </summary>
internal sealed partial class AuditLogBehavior<TRequest, TResponse>(
    DashboardDbContext db,
    IMediator mediator,
    TimeProvider clock,
    ILogger<AuditLogBehavior<TRequest, TResponse>> logger
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
        var begun = new AuditLogRow
        {
            Id = id,
            ActId = id,
            At = now,
            ById = by.Id,
            ByName = by.Name,
            Kind = request.Kind,
            SubjectId = request.Subject.Id,
            Request = AuditLogJson.Of(request),
            Before = request.HidesSubject ? null : await StateAsync(request.Subject, cancellationToken),
            Outcome = AuditLogRow.Begun,
        };
        await AddAsync(begun);
        var outcome = await next();

        // The action ran, and its first line is stored. Whoever sent it must learn that it ran, whatever becomes of the second line.
        var logged = LogOutcomeAsync(begun, request, outcome);
        await logged.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (logged.Exception?.InnerException is { } failure)
        {
            LogOutcomeLost(logger, failure, begun.Kind, begun.ActId);
        }

        return outcome;
    }

    private async Task LogOutcomeAsync(AuditLogRow begun, TRequest request, TResponse outcome)
    {
        var now = clock.GetUtcNow();
        await AddAsync(
            begun with
            {
                Id = Guid.CreateVersion7(now),
                At = now,
                Outcome = outcome.Error?.Code ?? AuditLogRow.Done,
                After =
                    outcome.Error is null && !request.HidesSubject
                        ? await StateAsync(request.Subject, CancellationToken.None) ?? AuditLogJson.Of(outcome.Content)
                        : null,
            }
        );
    }

    private async Task AddAsync(AuditLogRow line)
    {
        db.Add(line);
        await db.SaveChangesAsync(CancellationToken.None);
        db.ChangeTracker.Clear();
    }

    /// <summary>The subject's present state, as JSON; null when it has none that an action of this kind changes.</summary>
    private async Task<string?> StateAsync(ActionSubject subject, CancellationToken cancellationToken) =>
        subject switch
        {
            (ActionSubjectKind.Event, { } id) => await EventAsync(id, cancellationToken),
            (ActionSubjectKind.Order, { } id) => (await mediator.Send(new GetOrderFacts([id]), cancellationToken)).Value is [var order]
                ? AuditLogJson.Of(order)
                : null,
            (ActionSubjectKind.User, { } id) => (await mediator.Send(new GetUsers([id]), cancellationToken)).Value is [var user]
                ? AuditLogJson.Of(user)
                : null,
            _ => null,
        };

    private async Task<string?> EventAsync(Guid id, CancellationToken cancellationToken)
    {
        var form = await mediator.Send(new GetEventForm(id), cancellationToken);
        var pricing = await mediator.Send(new GetPricing(id), cancellationToken);
        return form.IsSuccess && pricing.IsSuccess
            ? AuditLogJson.Of(
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
        EventId = 6100,
        Level = LogLevel.Error,
        Message = "The outcome of the staff action {Kind} {ActId} could not be logged; the audit log shows it as begun"
    )]
    private static partial void LogOutcomeLost(ILogger logger, Exception failure, string kind, Guid actId);
}
