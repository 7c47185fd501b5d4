using System.Buffers;

namespace TicketBooth.BuildingBlocks.Kernel;

/// <summary>What an e-mail address looks like.</summary>
public static class EmailRules
{
    private static readonly SearchValues<char> PlainSigns = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~."
    );

    private static readonly SearchValues<char> HostSigns = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-"
    );

    /// <summary>
    /// Plain characters around one @, the form that every mail server takes: a letter of another alphabet that looks like a plain one would
    /// make another address of it. Only a mail that arrives proves more.
    /// </summary>
    public static bool IsEmail(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Split('@') is [var mailbox, var host]
            && !mailbox.AsSpan().ContainsAnyExcept(PlainSigns)
            && mailbox.Split('.').All(part => part.Length > 0)
            && host.Split('.').All(label => label.Length > 0 && !label.AsSpan().ContainsAnyExcept(HostSigns));
    }
}
