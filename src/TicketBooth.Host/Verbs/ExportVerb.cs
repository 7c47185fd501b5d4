using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using MediatR;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Admissions.Contracts;
using TicketBooth.Booking.Contracts;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;
using TicketBooth.Events.Contracts;
using TicketBooth.Payments.Contracts;

namespace TicketBooth.Host.Verbs;

/// <summary>
/// <c>export</c>: writes what the house has as JSON, an object a line, for whoever takes it to another system. Reads only, while a server
/// runs or not, in both profiles.
/// </summary>
internal static class ExportVerb
{
    private const int PageSize = 500;
    private const int UsersPerPage = 200;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    /// <exception cref="StorageException">The folder is not empty, or cannot be written.</exception>
    public static async Task RunAsync(string[] settings, string folder, TextWriter output)
    {
        try
        {
            if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
            {
                throw new StorageException($"{folder} is not empty. Name a new folder.");
            }

            await using var app = TicketBoothHost.Build([.. settings, "--Storage:ReadOnly=true", "--Logging:LogLevel:Default=Warning"]);
            await app.StartModulesAsync();
            PrivateFiles.CreateFolder(folder);
            await WriteAsync(new Export(app.Services, folder, output));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // No right to the folder, a full disk: what an operator mends, and no fault of ours.
            throw new StorageException($"The export {folder} cannot be written: {failure.Message}", failure);
        }
    }

    private static async Task WriteAsync(Export export)
    {
        await export.WriteFactsAsync<ListEventFacts, EventFacts>("events", after => new(after, PageSize), facts => facts.Id);
        await export.WriteFactsAsync<ListOrderFacts, OrderFacts>("orders", after => new(after, PageSize), facts => facts.OrderId);
        await export.WriteFactsAsync<ListPaymentFacts, PaymentFacts>("payments", after => new(after, PageSize), facts => facts.PaymentId);
        await export.WriteFactsAsync<ListTicketBlockFacts, TicketBlockFacts>(
            "blocks", after => new(after, PageSize), facts => facts.BlockId);
        await export.WriteFactsAsync<ListPassageFacts, PassageFacts>("passages", after => new(after, PageSize), facts => facts.ScanId);
        await export.WriteAsync<ListTicketFacts, IReadOnlyList<TicketFacts>>("tickets", TicketsAsync);
        await export.WriteAsync<FindUsers, Page<UserView>>("accounts", AccountsAsync);
    }

    private static async IAsyncEnumerable<IReadOnlyList<object>> TicketsAsync(IMediator mediator)
    {
        TicketFacts? last = null;
        while ((await mediator.Send(new ListTicketFacts(last, PageSize))).Value is { Count: > 0 } page)
        {
            yield return page;
            last = page[^1];
        }
    }

    /// <summary>All accounts in pages, in the order of their addresses.</summary>
    private static async IAsyncEnumerable<IReadOnlyList<object>> AccountsAsync(IMediator mediator)
    {
        string? cursor = null;
        do
        {
            var page = (await mediator.Send(new FindUsers(Cursor: cursor, Limit: UsersPerPage))).Value;
            yield return page.Items;
            cursor = page.NextCursor;
        } while (cursor is not null);
    }

    private sealed class Export(IServiceProvider services, string folder, TextWriter output)
    {
        /// <summary>One kind of facts, page by page after their ids.</summary>
        public Task WriteFactsAsync<TRequest, T>(string name, Func<Guid?, TRequest> next, Func<T, Guid> idOf)
            where TRequest : IRequest<Result<IReadOnlyList<T>>>
            where T : class
        {
            return WriteAsync<TRequest, IReadOnlyList<T>>(name, PagesAsync);

            async IAsyncEnumerable<IReadOnlyList<object>> PagesAsync(IMediator mediator)
            {
                Guid? after = null;
                while ((await mediator.Send(next(after))).Value is { Count: > 0 } page)
                {
                    yield return page;
                    after = idOf(page[^1]);
                }
            }
        }

        /// <summary>Writes no file when the module that answers <typeparamref name="TRequest"/> is switched off, and says so.</summary>
        public async Task WriteAsync<TRequest, TAnswer>(string name, Func<IMediator, IAsyncEnumerable<IReadOnlyList<object>>> pages)
            where TRequest : IRequest<Result<TAnswer>>
        {
            var file = Path.Combine(folder, name + ".jsonl");
            await using var scope = services.CreateAsyncScope();
            if (scope.ServiceProvider.GetService<IRequestHandler<TRequest, Result<TAnswer>>>() is null)
            {
                await output.WriteLineAsync($"{"off",10}  {file}: its module is not in the setting Modules");
                return;
            }

            await using var stream = PrivateFiles.Create(file);
            var lines = 0L;
            await foreach (var page in pages(scope.ServiceProvider.GetRequiredService<IMediator>()))
            {
                foreach (var item in page)
                {
                    await JsonSerializer.SerializeAsync(stream, item, item.GetType(), Json);
                    stream.WriteByte((byte)'\n');
                    lines++;
                }
            }

            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{lines,10}  {file}"));
        }
    }
}
