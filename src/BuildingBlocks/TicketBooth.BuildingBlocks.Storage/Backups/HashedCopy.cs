using System.Security.Cryptography;

namespace TicketBooth.BuildingBlocks.Storage.Backups;

/// <summary>Copies a stream and computes its SHA-256 on the way.</summary>
internal static class HashedCopy
{
    private const int BufferSize = 1 << 20;

    /// <param name="from">Read to its end.</param>
    /// <param name="to">Gets the content.</param>
    /// <param name="pause">Called after each megabyte.</param>
    public static (long Size, string Hash) Run(Stream from, Stream to, Action pause)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferSize];
        var size = 0L;
        int read;
        while ((read = from.ReadAtLeast(buffer, BufferSize, throwOnEndOfStream: false)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            to.Write(buffer, 0, read);
            size += read;
            pause();
        }

        return (size, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
