using System.Buffers;
using System.IO.Pipelines;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TicketBooth.BuildingBlocks.Web;

/// <summary>
/// A JSON body that is read when all of it is there. For the endpoints that matter at a peak: the framework reads a body piece by piece,
/// with a state that it keeps between the pieces, although nearly every body comes in one.
/// </summary>
/// <remarks>What is refused, and how, is the same as for a body that the framework reads.</remarks>
public sealed class WholeBody<T> : IBindableFromHttpContext<WholeBody<T>>, IEndpointParameterMetadataProvider
    where T : class
{
    private const string Json = "application/json";

    private WholeBody(T value) => Value = value;

    public T Value { get; }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Metadata.Add(new AcceptsMetadata([Json], typeof(T)));
    }

    public static async ValueTask<WholeBody<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            throw Unreadable("There is no body.");
        }

        if (context.Request.ContentType is not Json && !context.Request.HasJsonContentType())
        {
            throw new BadHttpRequestException("The body is not JSON.", StatusCodes.Status415UnsupportedMediaType);
        }

        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        var type = (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
        try
        {
            var value = await ReadAsync(context.Request.BodyReader, type, context.RequestAborted);
            return new WholeBody<T>(value ?? throw Unreadable("The body is null."));
        }
        catch (JsonException failure)
        {
            throw Unreadable("The body cannot be read.", failure);
        }
        catch (IOException failure) when (failure is not BadHttpRequestException)
        {
            throw Unreadable("The connection ended before the body did.", failure);
        }
    }

    private static async ValueTask<T?> ReadAsync(PipeReader body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        // The server refuses what is longer than it may be.
        var read = await body.ReadAsync(cancellationToken);
        while (!read.IsCompleted)
        {
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            read = await body.ReadAsync(cancellationToken);
        }

        try
        {
            return Read(read.Buffer, type);
        }
        finally
        {
            body.AdvanceTo(read.Buffer.End);
        }
    }

    private static T? Read(ReadOnlySequence<byte> body, JsonTypeInfo<T> type)
    {
        var bytes = body.IsSingleSegment ? body.FirstSpan : body.ToArray();
        return JsonSerializer.Deserialize(bytes.StartsWith("\uFEFF"u8) ? bytes["\uFEFF"u8.Length..] : bytes, type);
    }

    private static BadHttpRequestException Unreadable(string why, Exception? failure = null) =>
        new(why, StatusCodes.Status400BadRequest, failure!);
}
