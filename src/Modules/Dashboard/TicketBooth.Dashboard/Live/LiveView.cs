using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using TicketBooth.Dashboard.Figures;
using TicketBooth.Dashboard.Live.Views;

namespace TicketBooth.Dashboard.Live;

/// <summary>In which form somebody watches.</summary>
/// <param name="Culture">For pages: whose numbers and dates; null for programs, which get JSON.</param>
/// <param name="Language">For pages: whose words.</param>
internal readonly record struct LiveView(string? Culture, string? Language)
{
    /// <summary>As the API answers.</summary>
    public static LiveView Json { get; }

    /// <summary>As a page of this request's reader shows it.</summary>
    public static LiveView Here => new(CultureInfo.CurrentCulture.Name, CultureInfo.CurrentUICulture.Name);
}

/// <summary>Puts figures into a form. Pages are drawn by the same components when they are opened and when they are brought up to date.</summary>
internal sealed class LiveForms(IServiceScopeFactory scopes, IOptions<JsonOptions> json, ILoggerFactory loggers)
{
    /// <param name="figures">A <see cref="GetSummary.Summary"/>, a <see cref="GetEventFigures.EventFigures"/>, or null when there is nothing to show.</param>
    /// <param name="view">The form.</param>
    public Task<string> PutAsync(object? figures, LiveView view) =>
        view == LiveView.Json ? Task.FromResult(JsonSerializer.Serialize(figures, json.Value.SerializerOptions)) : DrawAsync(figures, view);

    private async Task<string> DrawAsync(object? figures, LiveView view)
    {
        // A renderer keeps what it has drawn for as long as it lives.
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (
                CultureInfo.GetCultureInfo(view.Culture!),
                CultureInfo.GetCultureInfo(view.Language!)
            );
            var drawn = figures switch
            {
                GetSummary.Summary summary => await renderer.RenderComponentAsync<OverviewView>(
                    Parameter(nameof(OverviewView.Shown), summary)
                ),
                GetEventFigures.EventFigures shown => await renderer.RenderComponentAsync<EventView>(
                    Parameter(nameof(EventView.Shown), shown)
                ),
                _ => await renderer.RenderComponentAsync<NothingView>(),
            };
            return drawn.ToHtmlString();
        });
    }

    private static ParameterView Parameter(string name, object value) =>
        ParameterView.FromDictionary(new Dictionary<string, object?>(StringComparer.Ordinal) { [name] = value });
}
