using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using TicketBooth.Accounts.Contracts;
using TicketBooth.Accounts.Recovery;
using TicketBooth.Accounts.Storage;
using TicketBooth.BuildingBlocks.Storage.Relational;
using TicketBooth.Testing;

namespace TicketBooth.Accounts.Tests;

/// <summary>What this module tells others, read from its outbox: a host of this module alone delivers nothing.</summary>
internal static class MailMessages
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static RelationalOutbox Outbox(this TestHost host) => host.App.Services.GetRequiredKeyedService<RelationalOutbox>(AccountsDbContext.Module);

    /// <summary>The messages of a kind to an address, in their order.</summary>
    public static IReadOnlyList<T> Told<T>(this TestHost host, string email)
        where T : class, IAccountMessage =>
    [
        .. host.Outbox().Read(0, 10_000)
            .Where(entry => entry.MessageType == MessageUrn.ForTypeString<T>())
            .Select(entry => JsonSerializer.Deserialize<T>(entry.Body, Json)!)
            .Where(message => message.Email == email),
    ];

    /// <summary>Answers those who asked for a mail, as the host does once a second.</summary>
    public static Task AnswerMailRequestsAsync(this TestHost host) => host.App.Services.GetRequiredService<AnswerMailRequestsWorker>().RunOnceAsync(CancellationToken.None);
}
