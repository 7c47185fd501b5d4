using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.Live.Views;

namespace TicketBooth.Dashboard.Live;

/// <summary>The form of live figures: JSON for programs, HTML in a language for pages.</summary>
/// <param name="Culture">Formats the numbers and dates of a page; null for JSON.</param>
/// <param name="Language">Of the page's words; null for JSON.</param>
internal readonly record struct LiveView(string? Culture, string? Language)
{
    /// <summary>The JSON of the API.</summary>
    public static LiveView Json { get; }

    /// <summary>HTML in the language of this request.</summary>
    public static LiveView Here => new(CultureInfo.CurrentCulture.Name, CultureInfo.CurrentUICulture.Name);
}

/// <summary>Renders figures. The same components render a page when it is opened and when it is updated.</summary>
internal sealed class LiveRenderer(IServiceScopeFactory scopes, IOptions<JsonOptions> json, ILoggerFactory loggers)
{
    /// <param name="figures">
    /// A <see cref="GetSummary.Summary"/>, a <see cref="GetEventFigures.EventFigures"/>, or null when there is nothing to show.
    /// </param>
    /// <param name="view">The form.</param>
    public Task<string> RenderAsync(object? figures, LiveView view) =>
        view == LiveView.Json
            ? Task.FromResult(JsonSerializer.Serialize(figures, json.Value.SerializerOptions))
            : RenderHtmlAsync(figures, view);

    private async Task<string> RenderHtmlAsync(object? figures, LiveView view)
    {
        // A renderer keeps what it has rendered for as long as it lives.
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (
                CultureInfo.GetCultureInfo(view.Culture!),
                CultureInfo.GetCultureInfo(view.Language!)
            );
            var rendered = figures switch
            {
                GetSummary.Summary summary => await renderer.RenderComponentAsync<OverviewView>(
                    Parameter(nameof(OverviewView.Shown), summary)
                ),
                GetEventFigures.EventFigures shown => await renderer.RenderComponentAsync<EventView>(
                    Parameter(nameof(EventView.Shown), shown)
                ),
                _ => await renderer.RenderComponentAsync<NothingView>(),
            };
            return rendered.ToHtmlString();
        });
    }

    private static ParameterView Parameter(string name, object value) =>
        ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal) { [name] = value });
}
