using Microsoft.OpenApi;
using Scalar.AspNetCore;

namespace TicketBooth.Host.Web.Document;

/// <summary>The OpenAPI document at /openapi/v1.json and the reference page at /docs.</summary>
internal static class OpenApiSetup
{
    public const string Bearer = "Bearer";

    private static readonly (string Name, string Description)[] Tags =
    [
        ("Accounts", "Signing up and in, and who may do what."),
        ("Events", "What is on, and its tickets."),
        ("Ticket blocks", "Tickets that staff take off sale."),
        ("Counter", "Sales at the box office, and the shifts of its clerks."),
        ("Prices", "What tickets cost, and why."),
        ("Orders", "Holding tickets."),
        ("Payments", "Paying for them."),
        ("Tickets", "Codes and documents of paid tickets, and giving them to somebody else."),
        ("Door", "Letting in the holders of tickets."),
        ("Dashboard", "Figures and tools of staff."),
    ];

    public static void AddOpenApiDocument(this IServiceCollection services)
    {
        services.AddSingleton<DocumentText>();
        services.AddOpenApi(DocumentText.Name, options =>
        {
            options.CreateSchemaReferenceId = Schemas.IdOf;
            options.AddSchemaTransformer((schema, context, _) => Schemas.DescribeAsync(schema, context));
            options.AddOperationTransformer((operation, context, _) => Operations.DescribeAsync(operation, context));
            options.AddDocumentTransformer((document, _, _) => DescribeAsync(document));
        });
    }

    public static void MapOpenApiDocument(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet($"/openapi/{DocumentText.Name}.json", async (DocumentText document) =>
                Results.Bytes(await document.GetAsync(), "application/json;charset=utf-8")
            )
            .ExcludeFromDescription();
        routes.MapScalarApiReference("/docs", options => options
                .WithTitle("TicketBooth API")
                .WithOpenApiRoutePattern("/openapi/{documentName}.json")
                .DisableDefaultFonts()
                .DisableTelemetry()
                // Services of the library's vendor that send this document elsewhere.
                .HideDeveloperTools()
                .HideClientButton()
                .DisableAgent()
                .DisableMcp());
    }

    private static Task DescribeAsync(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "TicketBooth",
            Version = "v1",
            Description = """
                The ticket office. Money is an integer of the smallest unit that its ISO 4217 currency has, called cents whatever it is:
                1000 is 10.00 BRL, 1000 JPY or 1.000 KWD. Times are UTC, ISO 8601; ids are UUIDs, opaque to clients.
                Errors are RFC 9457 problem documents with a stable `code`. Lists are paged by cursor.
                Answers may get more fields at any time: ignore those that you do not know. Requests with unknown fields are refused.
                """,
            Contact = new OpenApiContact { Name = "The team that runs this ticket office" },
            License = new OpenApiLicense { Name = "All rights reserved", Identifier = "LicenseRef-All-rights-reserved" },
        };

        // Relative: the address that this document was read from, whatever stands in front of the host.
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Tags = document.Tags is null
            ? null
            : new HashSet<OpenApiTag>(
                Tags.Where(tag => document.Tags.Any(used => used.Name == tag.Name))
                    .Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description })
            );
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [Bearer] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                BearerFormat = "JWT",
                Description = "The `accessToken` of POST /api/v1/accounts/token.",
            },
        };
        OpenAnswers.Open(document);
        return Task.CompletedTask;
    }
}
