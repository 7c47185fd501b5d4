using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>What the editor says about what cannot be saved.</summary>
internal sealed partial class EditModel
{
    /// <summary>What is wrong with a field (by its REST name); null when nothing is.</summary>
    public string? FaultOf(string field) =>
        ModelState.TryGetValue(field, out var state) && state.Errors.Count > 0
            ? string.Join(' ', state.Errors.Select(error => error.ErrorMessage))
            : null;

    private async Task ExplainAsync(Error error, CancellationToken cancellationToken)
    {
        if (error.Code == ChangedMeanwhile && Id is { } id)
        {
            await CompareAsync(id, cancellationToken);
            return;
        }

        if (error.Fields is not { } fields)
        {
            ModelState.AddModelError("", words.Explain(error));
            return;
        }

        foreach (var (field, messages) in fields)
        {
            foreach (var message in messages)
            {
                Blame(Input.FieldOfRow(field), words.Rule(message));
            }
        }
    }

    /// <summary>Keeps what was typed, and says what saving it would overwrite; the next time it is saved over that.</summary>
    private async Task CompareAsync(Guid id, CancellationToken cancellationToken)
    {
        var stored = await mediator.Send(new GetEventForm(id), cancellationToken);
        if (stored.Error is { } error)
        {
            ModelState.AddModelError("", words.Explain(error));
            return;
        }

        Revision = stored.Value.Revision;
        SavedMeanwhile =
        [
            .. Input
                .DifferencesFrom(EventInput.Of(stored.Value.Form, show.Zone))
                .Select(difference => (EventFieldLabels.Of(words, difference.Field), difference.Stored)),
        ];
        ModelState.AddModelError(
            "",
            words["Somebody else changed the event meanwhile. What you typed is still here; saving it replaces what they saved."]
        );
    }

    private void Blame(string field, string text) => ModelState.AddModelError(field, $"{EventFieldLabels.Of(words, field)}: {text}");
}
