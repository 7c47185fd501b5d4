using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TicketBooth.Gateways.Pix;

/// <summary>
/// A certificate authority that lives as long as the stand-in, and what it issued: the provider's server certificate, the receiver's client
/// certificate, and the client certificate of the provider's callbacks.
/// </summary>
public sealed class PixCertificates : IDisposable
{
    private const string ServerPurpose = "1.3.6.1.5.5.7.3.1";
    private const string ClientPurpose = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 authority;
    private readonly bool ownsFolder;

    internal PixCertificates(string clientName, string? folder)
    {
        ownsFolder = folder is null;
        Folder = folder is null ? Directory.CreateTempSubdirectory("pix-").FullName : Directory.CreateDirectory(folder).FullName;
        authority = NewAuthority();
        Server = IssueServer("localhost", "127.0.0.1");
        Client = IssueClient(clientName);
        Caller = IssueClient("pix-callbacks");
        File.WriteAllText(AuthorityPath, AuthorityPem);
        File.WriteAllBytes(ClientPfxPath, Client.Export(X509ContentType.Pkcs12, ClientPfxPassword));
        File.WriteAllText(ClientCertificatePath, Client.ExportCertificatePem());
        File.WriteAllText(ClientKeyPath, KeyPem(Client));
    }

    public string Folder { get; }

    /// <summary>The authority's certificate, without its key: what a client trusts.</summary>
    public string AuthorityPem => authority.ExportCertificatePem();
    public string AuthorityPath => Path.Combine(Folder, "authority.pem");

    /// <summary>The receiver's client certificate with its key, which every call needs.</summary>
    public X509Certificate2 Client { get; }
    public string ClientPfxPath => Path.Combine(Folder, "client.pfx");
    public string ClientPfxPassword { get; } = "pfx-pass";
    public string ClientCertificatePath => Path.Combine(Folder, "client.pem");
    public string ClientKeyPath => Path.Combine(Folder, "client-key.pem");

    /// <summary>The client certificate of the provider's callbacks.</summary>
    public X509Certificate2 Caller { get; }

    internal X509Certificate2 Server { get; }

    /// <summary>A client certificate for another name, one that ends soon, or one that is no longer valid.</summary>
    public X509Certificate2 IssueClient(string name, bool expired = false, int days = LongLife) => Issue(name, ClientPurpose, [], expired, days);

    /// <summary>A server certificate for names or addresses: for a host that takes callbacks over HTTPS.</summary>
    public X509Certificate2 IssueServer(params string[] hosts) => Issue(hosts[0], ServerPurpose, hosts, expired: false);

    /// <summary>A client certificate by nobody whom the provider knows.</summary>
    public static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return RequestFor(name, key, ClientPurpose, []).CreateSelfSigned(Today.AddDays(-1), Today.AddDays(30));
    }

    /// <summary>Trusts this authority and nobody else; for a client of the stand-in, or a host that wants to know its callbacks.</summary>
    public X509ChainPolicy TrustPolicy()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority);
        return policy;
    }

    public bool Accepts(X509Certificate2 client)
    {
        using var chain = new X509Chain { ChainPolicy = TrustPolicy() };
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientPurpose));
        return chain.Build(client);
    }

    public void Dispose()
    {
        Server.Dispose();
        Client.Dispose();
        Caller.Dispose();
        authority.Dispose();
        if (ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    // Days; longer than anybody warns before its end.
    private const int LongLife = 50;

    // Certificates are judged by the machine's clock, whatever the stand-in's says.
    private static DateTimeOffset Today => TimeProvider.System.GetUtcNow();

    private static X509Certificate2 NewAuthority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Pix test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request.CreateSelfSigned(Today.AddDays(-60), Today.AddDays(60));
    }

    private X509Certificate2 Issue(string name, string purpose, string[] hosts, bool expired, int days = LongLife)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = RequestFor(name, key, purpose, hosts);
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        var (from, to) = expired ? (-30, -1) : (-1, days);
        using var issued = request.Create(authority, Today.AddDays(from), Today.AddDays(to), RandomNumberGenerator.GetBytes(16));
        using var withKey = issued.CopyWithPrivateKey(key);

        // By way of PKCS #12, which gives a key that TLS takes on every platform.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }

    private static CertificateRequest RequestFor(string name, ECDsa key, string purpose, string[] hosts)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(purpose)], false));
        if (hosts.Length > 0)
        {
            var names = new SubjectAlternativeNameBuilder();
            foreach (var host in hosts)
            {
                if (IPAddress.TryParse(host, out var address))
                {
                    names.AddIpAddress(address);
                }
                else
                {
                    names.AddDnsName(host);
                }
            }

            request.CertificateExtensions.Add(names.Build());
        }

        return request;
    }

    private static string KeyPem(X509Certificate2 certificate)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }
}
