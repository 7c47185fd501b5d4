using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.Accounts.Keys;

/// <summary>A folder of data protection's keys, one a file, that only this user may read.</summary>
internal sealed class KeyFolder(string path, ILoggerFactory loggers) : FileSystemXmlRepository(Create(path), loggers)
{
    private const string Ending = ".xml";

    /// <remarks>Unlike the framework's, this also replaces a key: a start that was killed may have stored it already.</remarks>
    public override void StoreElement(XElement element, string friendlyName)
    {
        ArgumentNullException.ThrowIfNull(element);
        var file = Path.Combine(path, friendlyName + Ending);
        var next = file + ".next";
        using (var stream = new FileStream(next, FileMode.Create))
        {
            PrivateFiles.Protect(next);
            element.Save(stream);

            // On disk before the row that it replaces is deleted.
            stream.Flush(flushToDisk: true);
        }

        File.Move(next, file, overwrite: true);
    }

    /// <summary>Encrypts keys that were stored before there was a certificate.</summary>
    public void EncryptAll(IXmlEncryptor encryptor)
    {
        foreach (var file in System.IO.Directory.EnumerateFiles(path, "*" + Ending))
        {
            var key = XElement.Load(file);
            if (KeyCertificate.IsClear(key))
            {
                StoreElement(KeyCertificate.Encrypt(key, encryptor), Path.GetFileNameWithoutExtension(file));
            }
        }
    }

    private static DirectoryInfo Create(string path)
    {
        try
        {
            PrivateFiles.CreateFolder(path);
            return new DirectoryInfo(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"Accounts:Keys:Folder: {path} cannot be created: {failure.Message}", failure);
        }
    }
}
