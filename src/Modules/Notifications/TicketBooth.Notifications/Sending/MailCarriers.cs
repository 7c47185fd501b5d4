using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Notifications.Sending;

/// <summary>The way to a mail server, or to what stands in for one.</summary>
internal interface IMailCarrier
{
    /// <summary>Opens the way for some mails. What it throws says nothing about them.</summary>
    Task<IMailRun> BeginAsync(CancellationToken cancellationToken);

    /// <summary>Removes the mails to some addresses that are kept here. What a mail server has taken is not ours any more.</summary>
    /// <param name="addresses">Compared without regard to case.</param>
    /// <param name="cancellationToken">Of whoever waits.</param>
    Task ForgetAsync(IReadOnlySet<string> addresses, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Removes the mails that are kept here since before a time.</summary>
    void ForgetOld(DateTimeOffset before) { }
}

/// <summary>An open way.</summary>
internal interface IMailRun : IAsyncDisposable
{
    /// <summary>False when the way is gone, for this mail and all others.</summary>
    bool IsOpen { get; }

    /// <summary>Completes when the mail has arrived there.</summary>
    /// <exception cref="MailRefusedException">It has not.</exception>
    Task SendAsync(MimeMessage mail, CancellationToken cancellationToken);
}

/// <summary>The server has not taken a mail.</summary>
/// <param name="message">What it said.</param>
/// <param name="isFinal">It would say the same again.</param>
/// <param name="cause">What the library threw.</param>
internal sealed class MailRefusedException(string message, bool isFinal, Exception cause) : Exception(message, cause)
{
    public bool IsFinal => isFinal;
}

/// <summary>Sends by SMTP: one connection for all mails of a round.</summary>
internal sealed class SmtpCarrier(IOptions<SmtpOptions> options) : IMailCarrier
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public async Task<IMailRun> BeginAsync(CancellationToken cancellationToken)
    {
        var (settings, client) = (options.Value, new SmtpClient { Timeout = (int)Patience.TotalMilliseconds });
        try
        {
            await client.ConnectAsync(settings.Host!, settings.Port, SecurityOf(settings.Security), cancellationToken);
            if (!string.IsNullOrEmpty(settings.User))
            {
                await client.AuthenticateAsync(settings.User, settings.Password!, cancellationToken);
            }

            return new Run(client);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private static SecureSocketOptions SecurityOf(SmtpSecurity security) =>
        security switch
        {
            SmtpSecurity.None => SecureSocketOptions.None,
            SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
            SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
            _ => SecureSocketOptions.Auto,
        };

    private sealed class Run(SmtpClient client) : IMailRun
    {
        public bool IsOpen => client.IsConnected;

        public async Task SendAsync(MimeMessage mail, CancellationToken cancellationToken)
        {
            try
            {
                await client.SendAsync(mail, cancellationToken);
            }
            catch (SmtpCommandException refused)
            {
                var isFinal = (int)refused.StatusCode >= 500 && refused.ErrorCode != SmtpErrorCode.UnexpectedStatusCode;
                throw new MailRefusedException($"{(int)refused.StatusCode} {refused.Message}", isFinal, refused);
            }
            catch (Exception broken)
                when (broken is ProtocolException or IOException or System.Net.Sockets.SocketException or ServiceNotConnectedException)
            {
                throw new MailRefusedException(broken.Message, isFinal: false, broken);
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (client.IsConnected)
            {
                // What the server says to the farewell changes nothing.
                await ((Task)client.DisconnectAsync(quit: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            client.Dispose();
        }
    }
}

/// <summary>Writes mails as files, where no mail server is set: for development, and for a start without one.</summary>
internal sealed partial class FolderCarrier : IMailCarrier
{
    private readonly string folder;

    public FolderCarrier(IOptions<NotificationsOptions> options, EmbeddedStorage storage, ILogger<FolderCarrier> logger)
    {
        folder = Path.GetFullPath(options.Value.Folder is { Length: > 0 } named ? named : Path.Combine(storage.Folder, "mails"));
        LogFolder(logger, folder);
    }

    public Task<IMailRun> BeginAsync(CancellationToken cancellationToken)
    {
        PrivateFiles.CreateFolder(folder);
        return Task.FromResult<IMailRun>(new Run(folder));
    }

    public async Task ForgetAsync(IReadOnlySet<string> addresses, CancellationToken cancellationToken)
    {
        foreach (var file in Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.eml") : [])
        {
            var headers = await HeaderList.LoadAsync(file, cancellationToken);
            if (
                InternetAddressList.TryParse(headers[HeaderId.To] ?? "", out var recipients)
                && recipients.Mailboxes.Any(mailbox => addresses.Contains(mailbox.Address))
            )
            {
                File.Delete(file);
            }
        }
    }

    /// <remarks>Also what a killed host left of a mail.</remarks>
    public void ForgetOld(DateTimeOffset before)
    {
        var files = Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles() : [];
        foreach (var file in files.Where(file => file.Extension is ".eml" or ".part" && file.LastWriteTimeUtc < before.UtcDateTime))
        {
            file.Delete();
        }
    }

    [LoggerMessage(
        EventId = 7001,
        Level = LogLevel.Warning,
        Message = "Mails are written to {Folder} and sent to nobody: Notifications:Smtp:Host is not set"
    )]
    private static partial void LogFolder(ILogger logger, string folder);

    private sealed class Run(string folder) : IMailRun
    {
        public bool IsOpen => true;

        /// <remarks>
        /// Named for the Message-Id, so that a mail that is sent twice is one file. Renamed, so that nobody reads half of one.
        /// </remarks>
        public async Task SendAsync(MimeMessage mail, CancellationToken cancellationToken)
        {
            var file = Path.Combine(folder, $"{mail.MessageId!.Split('@')[0]}.eml");
            await mail.WriteToAsync(file + ".part", cancellationToken);
            PrivateFiles.Protect(file + ".part");
            File.Move(file + ".part", file, overwrite: true);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
