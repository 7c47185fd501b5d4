using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;
using TicketBooth.Payments.Domain;

namespace TicketBooth.Payments.Gateways.Pix;

/// <summary>Who we are to the provider, and whom we take for it: the certificates of the settings.</summary>
internal sealed class PixCertificates : IExpiringCertificate, IDisposable
{
    private readonly X509Certificate2Collection own;
    private readonly X509Certificate2 client;

    public PixCertificates(IOptions<PixOptions> options)
    {
        own = ReadOwn(options.Value);
        client = own.First(certificate => certificate.HasPrivateKey);
        var rest = new X509Certificate2Collection(own.Where(certificate => certificate != client).ToArray());
        Tls = new SslClientAuthenticationOptions
        {
            ClientCertificateContext = SslStreamCertificateContext.Create(client, rest, offline: true),
        };
        if (options.Value.TrustedAuthority is { Length: > 0 } path)
        {
            Tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            Tls.CertificateChainPolicy.CustomTrustStore.ImportFromPemFile(path);
        }
    }

    public SslClientAuthenticationOptions Tls { get; }

    public string Setting => $"{PixOptions.Section}:{nameof(PixOptions.Certificate)}";

    public DateTimeOffset ExpiresAt => new(client.NotAfter.ToUniversalTime());

    public void Dispose()
    {
        foreach (var certificate in own)
        {
            certificate.Dispose();
        }
    }

    /// <summary>Why the files cannot be used, with the name of the setting; null when they can.</summary>
    public static string? FailureOf(PixOptions options, DateTimeOffset now)
    {
        try
        {
            var read = ReadOwn(options);
            if (read.FirstOrDefault(certificate => certificate.HasPrivateKey) is not { } holder)
            {
                return $"{nameof(PixOptions.Certificate)}: the file has no certificate with its key.";
            }

            if (holder.NotAfter.ToUniversalTime() <= now.UtcDateTime)
            {
                return $"{nameof(PixOptions.Certificate)}: the certificate expired at {holder.NotAfter.ToUniversalTime():u}.";
            }
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            return $"{nameof(PixOptions.Certificate)}: the certificate cannot be read with its key and password: {unreadable.Message}";
        }

        return options.TrustedAuthority is { Length: > 0 } path ? FailureOfAuthority(path) : null;
    }

    private static string? FailureOfAuthority(string path)
    {
        const string Name = nameof(PixOptions.TrustedAuthority);
        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(path);
            return authorities.Count == 0 ? $"{Name}: the file has no certificate in PEM." : null;
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            return $"{Name}: the file cannot be read: {unreadable.Message}";
        }
    }

    private static X509Certificate2Collection ReadOwn(PixOptions options)
    {
        var bytes = File.ReadAllBytes(options.Certificate!);
        if (!bytes.AsSpan().StartsWith("-----BEGIN"u8) && bytes.AsSpan().IndexOf("-----BEGIN CERTIFICATE"u8) < 0)
        {
            return X509CertificateLoader.LoadPkcs12Collection(bytes, options.CertificatePassword);
        }

        var key = options.CertificateKey is { Length: > 0 } path ? path : options.Certificate!;
        using var read = options.CertificatePassword is { Length: > 0 } password
            ? X509Certificate2.CreateFromEncryptedPemFile(options.Certificate!, password, key)
            : X509Certificate2.CreateFromPemFile(options.Certificate!, key);

        // By way of PKCS #12, which gives a key that TLS takes on every platform.
        var usable = X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), password: null);
        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(options.Certificate!);
        return [usable, .. all.Where(certificate => certificate.Thumbprint != usable.Thumbprint)];
    }

    private static bool IsUnreadable(Exception failure) => failure is CryptographicException or IOException or UnauthorizedAccessException;
}
