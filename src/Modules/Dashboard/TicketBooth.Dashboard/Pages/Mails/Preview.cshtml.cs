using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using TicketBooth.Dashboard.Shell;
using TicketBooth.Notifications.Contracts;

namespace TicketBooth.Dashboard.Pages.Mails;

/// <summary>What the mails look like, with invented data.</summary>
internal sealed class PreviewModel(IMediator mediator, MailsSwitch mails) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Kind { get; set; }

    /// <summary>Of the mail, which is not that of the page.</summary>
    [BindProperty(SupportsGet = true)]
    public string? Language { get; set; }

    public IReadOnlyList<string> Kinds { get; private set; } = [];

    public MailPreview Preview { get; private set; } = null!;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!await LoadAsync(cancellationToken))
        {
            return NotFound();
        }

        Kinds = (await mediator.Send(new ListMailKinds(), cancellationToken)).Value;
        HttpContext.Items[PagePipeline.FramesOwn] = true;
        return Page();
    }

    /// <summary>The HTML part by itself, for the frame on the page: its styles stand in its elements, as mails need it.</summary>
    public async Task<IActionResult> OnGetHtmlAsync(CancellationToken cancellationToken)
    {
        if (!await LoadAsync(cancellationToken))
        {
            return NotFound();
        }

        HttpContext.Items[PagePipeline.IsFramed] = true;
        return Content(Preview.Html, "text/html; charset=utf-8");
    }

    private async Task<bool> LoadAsync(CancellationToken cancellationToken)
    {
        if (!mails.IsOn)
        {
            return false;
        }

        Kind ??= "order-paid";
        Language = Languages.Knows(Language) ? Language : System.Globalization.CultureInfo.CurrentUICulture.Name;
        var preview = await mediator.Send(new PreviewMail(Kind, Language!), cancellationToken);
        if (preview.Error is not null)
        {
            return false;
        }

        Preview = preview.Value;
        return true;
    }
}
