using System.Text.Json;
using System.Text.Json.Nodes;
using MediatR;
using TicketBooth.Accounts.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.AuditLog;

/// <summary>What staff actions changed, by the names that people know.</summary>
internal static class AuditSubjects
{
    /// <summary>Those of the given events and users that exist, and all orders: their ids alone say their numbers.</summary>
    public static async Task<IReadOnlyDictionary<Guid, Subject>> SubjectsAsync(
        this IMediator mediator,
        IEnumerable<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        var subjects = new Dictionary<Guid, Subject>();
        var others = new List<Guid>();
        foreach (var id in ids.Distinct())
        {
            if (TaggedId.TryReadTag(id, out _))
            {
                subjects[id] = new Subject(ActionSubjectKind.Order, SpokenId.Of(id));
            }
            else
            {
                others.Add(id);
            }
        }

        foreach (var known in (await mediator.Send(new GetEventFacts(others), cancellationToken)).Value)
        {
            subjects[known.Id] = new Subject(ActionSubjectKind.Event, known.Name);
        }

        foreach (var user in (await mediator.Send(new GetUsers(others), cancellationToken)).Value)
        {
            subjects[user.Id] = new Subject(ActionSubjectKind.User, user.Name);
        }

        return subjects;
    }

    /// <summary>What an action changed; for one that created something, the id of that.</summary>
    public static Guid? Of(ListAuditLog.Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.SubjectId is not null || entry.After is null)
        {
            return entry.SubjectId;
        }

        var created = JsonNode.Parse(entry.After) as JsonObject;
        var id = (created?["user"] as JsonObject ?? created)?["id"];
        return id?.GetValueKind() == JsonValueKind.String && Guid.TryParse((string?)id, out var known) ? known : null;
    }

    /// <param name="Name">Of an event or a user; the number of an order.</param>
    internal sealed record Subject(ActionSubjectKind Kind, string Name);
}
