using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.RazorPages;
using TicketBooth.BuildingBlocks.Web;

namespace TicketBooth.Dashboard.Pages;

/// <summary>What single pages need beyond what the shell gives all of them.</summary>
internal static class PageSetup
{
    public static void AddPages(this IServiceCollection services) =>
        services.Configure<RazorPagesOptions>(pages =>
            // Not AddPageRoute: it takes the page's own route out of every link that is made to the page.
            pages.Conventions.AddPageRouteModelConvention("/Events/Edit", page => page.Selectors.Add(
                    new SelectorModel
                    {
                        AttributeRouteModel = new AttributeRouteModel { Template = PageArea.Path + "/events/new", Order = 1 },
                    }
                ))
        );
}
