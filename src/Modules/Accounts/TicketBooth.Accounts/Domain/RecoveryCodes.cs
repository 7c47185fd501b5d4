using System.Security.Cryptography;
using System.Text;

namespace TicketBooth.Accounts.Domain;

/// <summary>Codes that replace a lost authenticator app, each once. They are shown once; only their hashes are stored.</summary>
internal static class RecoveryCodes
{
    private const int Count = 10;
    private const int Length = 16;
    private const int Group = 4;

    // Without the letters and digits that people confuse: 16 characters of 32 are 80 bits, too many to guess, also from a hash.
    private const string Characters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    // Between the hashes in the stored text.
    private const char Separator = ';';

    /// <summary>New codes, in capitals and without dashes.</summary>
    public static string[] New() => [.. Enumerable.Range(0, Count).Select(_ => RandomNumberGenerator.GetString(Characters, Length))];

    /// <summary>A code as a person reads it: in groups with dashes between them.</summary>
    public static string Display(string code) => string.Join('-', code.Chunk(Group).Select(part => new string(part)));

    /// <summary>What is stored of the codes.</summary>
    public static string Store(IEnumerable<string> codes) => string.Join(Separator, codes.Select(HashOf));

    /// <summary>What is stored once a code was used; null when it is not among the stored ones.</summary>
    public static string? Use(string stored, string code)
    {
        var hashes = stored.Split(Separator);
        var hash = HashOf(code);
        return hashes.Contains(hash, StringComparer.Ordinal) ? string.Join(Separator, hashes.Where(each => each != hash)) : null;
    }

    private static string HashOf(string code) => Convert.ToHexString(SHA256.HashData(Encoding.ASCII.GetBytes(code)));
}
