using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using TicketBooth.Gateways.Callbacks;

namespace TicketBooth.Gateways.Pix;

/// <summary>One call that reached the stand-in, and what it answered. A call whose connection a fault broke has the answer that was lost.</summary>
public sealed record PixCall(string Method, string Path, int Status);

/// <summary>
/// A payment provider that serves Pix by the Central Bank's API (bacen/pix-api 2.9.0) on loopback: token and API over mutual TLS on a port
/// each, and tests' control over plain HTTP on a third. State is in memory. Safe for use by several threads.
/// </summary>
public sealed class PixStandIn : IAsyncDisposable
{
    private const string ApiPath = "/api/v2";

    private readonly WebApplication app;
    private readonly ConcurrentQueue<PixCall> calls = new();
    private readonly PixLedger ledger;
    private readonly PixJson json;

    private PixStandIn(PixStandInOptions options)
    {
        Options = options;
        Certificates = new(options.ClientId, options.Folder);
        ledger = new(options, Clock);
        json = new(options);
        Callbacks = new(
            new CallbackSenderOptions { RetryDelays = options.CallbackRetryDelays, Timeout = options.CallbackTimeout, Handler = CallbackHandler }
        );
        var notices = new PixNotices(ledger, json, Callbacks);
        Tokens = new(options, Clock);
        Bank = new(options, Clock, ledger, notices);
        Payer = new(options, Clock, ledger, notices);
        app = Build();
    }

    public PixStandInOptions Options { get; }
    public PixClock Clock { get; } = new();
    public PixCertificates Certificates { get; }
    public PixTokens Tokens { get; }
    public PixFaults Faults { get; } = new();
    public PixPayer Payer { get; }
    public PixBank Bank { get; }

    /// <summary>Words to webhooks, named `pix` (money came) and `devolucao` (a return ended): plans, what was delivered, release of what is held.</summary>
    public CallbackSender Callbacks { get; }

    /// <summary>Where tokens are asked for.</summary>
    public Uri TokenUrl { get; private set; } = null!;

    /// <summary>The API's base, with a slash at its end.</summary>
    public Uri ApiBase { get; private set; } = null!;

    /// <summary>Tests' control, over plain HTTP and without a certificate.</summary>
    public Uri ControlUrl { get; private set; } = null!;

    /// <summary>Calls of token and API, the oldest first.</summary>
    public IReadOnlyList<PixCall> Calls => [.. calls];

    /// <summary>Charges in their present revision, the oldest first.</summary>
    public IReadOnlyList<PixCharge> Charges => ledger.Charges();

    public IReadOnlyList<ReceivedPix> Received => ledger.Received();

    public static async Task<PixStandIn> StartAsync(PixStandInOptions? options = null)
    {
        var standIn = new PixStandIn(options ?? new());
        await standIn.app.StartAsync();
        var addresses = standIn.app.Urls.Select(url => new Uri(url)).ToList();
        standIn.TokenUrl = new(addresses[0], "/oauth/token");
        standIn.ApiBase = new(addresses[1], ApiPath + "/");
        standIn.ControlUrl = new(addresses[2], "/_standin/");
        return standIn;
    }

    public PixCharge? FindCharge(string txid) => ledger.FindCharge(txid);

    public ReceivedPix? FindPix(string endToEndId) => ledger.FindPix(endToEndId);

    public PixWebhook? FindWebhook(string key) => ledger.FindWebhook(key);

    /// <summary>Registers a webhook past the API: its customer may not know its own address before it runs.</summary>
    public PixWebhook PutWebhook(string key, Uri url) => ledger.PutWebhook(key, url.AbsoluteUri);

    /// <summary>A client that trusts the stand-in's authority and shows a client certificate: the receiver's, another, or none.</summary>
    public HttpClient CreateClient(X509Certificate2? certificate, TimeSpan? timeout = null)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions = { CertificateChainPolicy = Certificates.TrustPolicy(), ClientCertificates = certificate is null ? [] : [certificate] },
        };
        return new(handler) { BaseAddress = ApiBase, Timeout = timeout ?? TimeSpan.FromSeconds(30) };
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await Callbacks.DisposeAsync();
        Certificates.Dispose();
    }

    private SocketsHttpHandler CallbackHandler() =>
        new()
        {
            AllowAutoRedirect = false,
            SslOptions =
            {
                CertificateChainPolicy = Certificates.TrustPolicy(),
                ClientCertificates = Options.CallsBackWithCertificate ? [Certificates.Caller] : [],
            },
        };

    private WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (var port in (int[])[Options.TokenPort, Options.ApiPort])
            {
                kestrel.Listen(
                    IPAddress.Loopback,
                    port,
                    listen =>
                        listen.UseHttps(https =>
                        {
                            https.ServerCertificate = Certificates.Server;
                            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                            https.ClientCertificateValidation = (client, _, _) => Certificates.Accepts(client);
                        })
                );
            }

            kestrel.Listen(IPAddress.Loopback, Options.ControlPort);
        });
        var host = builder.Build();
        host.Use(ServeAsync);
        host.UseRouting();
        host.MapPost("/oauth/token", Tokens.IssueAsync);
        new PixEndpoints(Options, ledger, json, Tokens, Bank).Map(host.MapGroup(ApiPath));
        new PixControl(this, json).Map(host.MapGroup("/_standin"));
        return host;
    }

    // Each port serves its own paths; calls are noted, faults befall them, and the API's errors are written.
    private async Task ServeAsync(HttpContext context, RequestDelegate next)
    {
        var (path, port) = (context.Request.Path, context.Connection.LocalPort);
        var isControl = port == ControlUrl.Port;
        if (port != (path.StartsWithSegments("/_standin", StringComparison.Ordinal) ? ControlUrl : path.StartsWithSegments("/oauth", StringComparison.Ordinal) ? TokenUrl : ApiBase).Port)
        {
            await PixProblem.NotFound().WriteAsync(context.Response);
            return;
        }

        if (isControl)
        {
            await AnswerAsync(context, next);
        }
        else if (Faults.Take(context.Request) is { } fault)
        {
            await PixFaults.BefallAsync(fault, context, inner => AnswerAsync(inner, next), app.Lifetime.ApplicationStopping);
        }
        else
        {
            await AnswerAsync(context, next);
        }

        if (!isControl)
        {
            calls.Enqueue(new(context.Request.Method, path.Value!, context.Response.StatusCode));
        }
    }

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
        }
        catch (PixProblemException refused)
        {
            await refused.Problem.WriteAsync(context.Response);
        }
    }
}
