using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using MimeKit;
using SmtpServer;
using SmtpServer.ComponentModel;
using SmtpServer.Net;
using SmtpServer.Protocol;
using SmtpServer.Storage;
using TicketBooth.Testing;

namespace TicketBooth.Notifications.Tests.Support;

/// <summary>A real SMTP server on this machine that keeps what it gets, and refuses what the test wants it to.</summary>
internal sealed class Mailbox : MessageStore, IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentQueue<MimeMessage> got = new();
    private Task serving = Task.CompletedTask;

    private Mailbox() { }

    public int Port { get; private set; }

    /// <summary>What it says to a mail; null takes it.</summary>
    public Func<MimeMessage, SmtpResponse?> Answer { get; set; } = _ => null;

    public IReadOnlyList<MimeMessage> Got => [.. got];

    public IReadOnlyList<(string Key, string Value)> Settings =>
    [
        ("Notifications:Smtp:Host", "127.0.0.1"),
        ("Notifications:Smtp:Port", FormattableString.Invariant($"{Port}")),
        ("Notifications:Smtp:Security", "None"),
    ];

    /// <summary>A server at a free port.</summary>
    public static async Task<Mailbox> StartAsync()
    {
        var (mailbox, endpoints, services) = (new Mailbox(), new Endpoints(), new ServiceProvider());
        services.Add((IMessageStore)mailbox);
        services.Add((IEndpointListenerFactory)endpoints);
        var options = new SmtpServerOptionsBuilder().ServerName("localhost").Endpoint(endpoint => endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, 0))).Build();
        mailbox.serving = new SmtpServer.SmtpServer(options, services).StartAsync(mailbox.stop.Token);
        mailbox.Port = await endpoints.Port.WaitAsync(TimeSpan.FromMinutes(1));
        return mailbox;
    }

    public override async Task<SmtpResponse> SaveAsync(
        ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream(buffer.ToArray());
        var mail = await MimeMessage.LoadAsync(bytes, cancellationToken);
        if (Answer(mail) is { } refusal)
        {
            return refusal;
        }

        got.Enqueue(mail);
        return SmtpResponse.Ok;
    }

    /// <summary>The mails to an address, once there is one that is looked for.</summary>
    public async Task<MimeMessage> WaitForAsync(string email, string subject) =>
        (await Eventually.Async(
            () => Task.FromResult(Got.FirstOrDefault(mail => IsTo(mail, email) && mail.Subject!.Contains(subject, StringComparison.Ordinal))),
            mail => mail is not null,
            $"a mail to {email} with {subject}; there are: {string.Join(", ", Got.Select(mail => mail.Subject))}"))!;

    public IReadOnlyList<MimeMessage> To(string email) => [.. Got.Where(mail => IsTo(mail, email))];

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private sealed class Endpoints : EndpointListenerFactory
    {
        private readonly TaskCompletionSource<int> port = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<int> Port => port.Task;

        protected override void OnEndpointStarted(EndpointEventArgs args)
        {
            base.OnEndpointStarted(args);
            port.TrySetResult(((IPEndPoint)args.LocalEndPoint).Port);
        }
    }

    private static bool IsTo(MimeMessage mail, string email) => mail.To.Mailboxes.Any(mailbox => mailbox.Address == email);
}
