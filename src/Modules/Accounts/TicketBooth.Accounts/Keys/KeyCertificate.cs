using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace TicketBooth.Accounts.Keys;

/// <summary>The certificate that encrypts data protection's keys, if there is one.</summary>
internal static class KeyCertificate
{
    private const string Setting = "Accounts:Keys:Certificate";

    // Data protection's own: it marks what must be encrypted, and what was.
    private static readonly XNamespace DataProtection = "http://schemas.asp.net/2015/03/dataProtection";

    /// <summary>Null when none is set. A file that cannot be used stops the start with the name of the setting.</summary>
    public static X509Certificate2? Load(IConfiguration configuration)
    {
        if (configuration[Setting] is not { Length: > 0 } file)
        {
            return null;
        }

        try
        {
            var certificate = X509CertificateLoader.LoadPkcs12FromFile(file, configuration[Setting + "Password"]);
            return certificate.GetRSAPrivateKey() is not null ? certificate : throw Wrong($"{file} has no RSA private key.");
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw Wrong($"{file} cannot be read: {failure.Message}");
        }
    }

    public static bool IsClear(XElement key) => Secrets(key).Any();

    /// <summary>The same key with its secret encrypted, as data protection encrypts those that it makes.</summary>
    public static XElement Encrypt(XElement key, IXmlEncryptor encryptor)
    {
        var copy = new XElement(key);
        foreach (var secret in Secrets(copy).ToList())
        {
            var encrypted = encryptor.Encrypt(secret);
            secret.ReplaceWith(
                new XElement(
                    DataProtection + "encryptedSecret",
                    new XAttribute("decryptorType", encrypted.DecryptorType.AssemblyQualifiedName!),
                    encrypted.EncryptedElement
                )
            );
        }

        return copy;
    }

    private static IEnumerable<XElement> Secrets(XElement key) =>
        key.DescendantsAndSelf().Where(element => (bool?)element.Attribute(DataProtection + "requiresEncryption") is true);

    private static OptionsValidationException Wrong(string why) => new(Setting, typeof(KeyOptions), [$"{Setting}: {why}"]);
}
