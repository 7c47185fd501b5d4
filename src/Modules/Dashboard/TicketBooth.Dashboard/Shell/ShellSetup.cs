using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.Extensions.WebEncoders;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Dashboard.Shell;

/// <summary>What all pages share.</summary>
internal static class ShellSetup
{
    public static void AddShell(this IServiceCollection services)
    {
        Sessions.AddTo(services);
        services.AddAuthorization(Policies.AddTo);
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "ticketbooth.backoffice.form";
            antiforgery.Cookie.Path = PageArea.Path;
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        // Escapes only what has a meaning in HTML, and not every accent.
        services.Configure<WebEncoderOptions>(encoder => encoder.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddLocalization();
        services.Configure<RequestLocalizationOptions>(Languages.Configure);
        services.AddSingleton<Show>();
        services.AddSingleton<MailsSwitch>();
        services.AddSingleton<IStartupFilter, PagePipeline>();
        services
            .AddRazorPages(pages =>
            {
                pages.Conventions.AuthorizeFolder("/", Policies.Staff);
                pages.Conventions.ConfigureFilter(new TypeFilterAttribute(typeof(AllowedToFilter)));
                pages.Conventions.ConfigureFilter(new ReadableValuesFilter());
            })
            .AddMvcOptions(mvc => mvc.ModelBinderProviders.Insert(0, new PlainNumbers()))
            .ConfigureApplicationPartManager(OnlyThisAssembly);
        services.Configure<CookieTempDataProviderOptions>(cookie =>
        {
            cookie.Cookie.Name = "ticketbooth.backoffice.flash";
            cookie.Cookie.Path = PageArea.Path;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
    }

    public static void MapShell(this IEndpointRouteBuilder routes)
    {
        Assets.Map(routes);
        DoorSignIn.Map(routes);
        routes.MapRazorPages();
    }

    /// <summary>Searches no other assembly of the host for pages: there are none, and the search would slow down the start.</summary>
    private static void OnlyThisAssembly(ApplicationPartManager manager)
    {
        var assembly = typeof(ShellSetup).Assembly;
        manager.ApplicationParts.Clear();
        foreach (var part in ApplicationPartFactory.GetApplicationPartFactory(assembly).GetApplicationParts(assembly))
        {
            manager.ApplicationParts.Add(part);
        }
    }
}
