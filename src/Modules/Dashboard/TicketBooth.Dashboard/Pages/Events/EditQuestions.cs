using Microsoft.Extensions.Localization;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Events.Contracts;

namespace TicketBooth.Dashboard.Pages.Events;

/// <summary>What the editor asks before it saves: what is allowed, but seldom meant.</summary>
internal static class EditQuestions
{
    /// <param name="stored">The event as it is; null for a new one.</param>
    /// <param name="form">The event as it is to be.</param>
    /// <param name="publish">Whether it is to be published as well.</param>
    /// <param name="words">The texts.</param>
    /// <param name="show">The formats.</param>
    public static IReadOnlyList<string> Of(EditableEvent? stored, EventForm form, bool publish, IStringLocalizer<Words> words, Show show)
    {
        var questions = new List<string>();
        var isStartMoved = stored is not null && stored.Form.StartsAt != form.StartsAt;
        var isSaleMoved = stored is not null && stored.Form.EndsSellingAt != form.EndsSellingAt;
        if ((stored is null || isStartMoved || isSaleMoved || publish) && form.EndsSellingAt > form.StartsAt)
        {
            questions.Add(words["The sale closes on {0}, after the show has started.", show.Text(form.EndsSellingAt)]);
        }

        if (stored is not { Taken: > 0 })
        {
            return questions;
        }

        var venue = form.Venue.Trim();
        if (isStartMoved)
        {
            questions.Add(words["The show starts on {0} instead of {1}.", show.Text(form.StartsAt), show.Text(stored.Form.StartsAt)]);
        }

        if (venue != stored.Form.Venue)
        {
            questions.Add(words["It takes place in {0} instead of {1}.", Show.Isolated(venue), Show.Isolated(stored.Form.Venue)]);
        }

        if (isStartMoved || venue != stored.Form.Venue)
        {
            questions.Add(words["People have {0} tickets. Tell them: TicketBooth does not.", Show.Number(stored.Taken)]);
        }

        return questions;
    }
}
