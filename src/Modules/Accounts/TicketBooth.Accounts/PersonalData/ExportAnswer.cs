using System.IO.Pipelines;
using System.Net.Mime;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using TicketBooth.BuildingBlocks.Kernel;

namespace TicketBooth.Accounts.PersonalData;

/// <summary>
/// Writes the export as it is read, section by section: a person with a hundred thousand orders needs no more memory than one with a page
/// of them. Should a section fail half-way, the connection is cut, so that nobody takes a part for the whole.
/// </summary>
internal sealed class ExportAnswer(ExportMe.Account account) : IResult
{
    private const int Piece = 16 * 1024;

    // As the API writes all JSON: it is no part of an HTML page.
    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var (services, cancellationToken) = (httpContext.RequestServices, httpContext.RequestAborted);
        var options = services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var response = httpContext.Response;
        response.ContentType = "application/json; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers[HeaderNames.ContentDisposition] = new ContentDisposition { FileName = "my-data.json" }.ToString();

        var person = new Person(account.Id, account.EmailConfirmed ? account.Email : null);
        var (pipe, sent) = (response.BodyWriter, 0L);
        await using var json = new Utf8JsonWriter(pipe, Writing);
        json.WriteStartObject();
        Write("exportedAt", services.GetRequiredService<TimeProvider>().GetUtcNow());
        Write("account", account);
        foreach (var section in services.GetServices<IPersonalData>())
        {
            json.WriteStartArray(section.Section);
            await foreach (var item in section.ReadAsync(person, cancellationToken))
            {
                JsonSerializer.Serialize(json, item, item.GetType(), options);
                if (json.BytesCommitted + json.BytesPending - sent > Piece)
                {
                    await FlushAsync(json, pipe, cancellationToken);
                    sent = json.BytesCommitted;
                }
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        await FlushAsync(json, pipe, cancellationToken);

        void Write<T>(string name, T value)
        {
            json.WritePropertyName(name);
            JsonSerializer.Serialize(json, value, options);
        }
    }

    private static async Task FlushAsync(Utf8JsonWriter json, PipeWriter pipe, CancellationToken cancellationToken)
    {
        await json.FlushAsync(cancellationToken);
        await pipe.FlushAsync(cancellationToken);
    }
}
