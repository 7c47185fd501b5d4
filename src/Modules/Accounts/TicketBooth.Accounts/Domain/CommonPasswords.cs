using System.Collections.Frozen;

namespace TicketBooth.Accounts.Domain;

/// <summary>
/// The passwords that everybody tries first: a common word with a few digits or signs around it, a walk over the keyboard or the alphabet,
/// or the same few characters again and again.
/// </summary>
internal static class CommonPasswords
{
    // What may stand around a common word without making it uncommon: a year, or "123!".
    private const int LongestDecoration = 4;

    // "abcabcabc" is as easy to guess as "abc".
    private const int LongestRepeatedPart = 4;

    private static readonly string[] Walks =
    [
        "01234567890123456789",
        "09876543210987654321",
        "abcdefghijklmnopqrstuvwxyz",
        "zyxwvutsrqponmlkjihgfedcba",
        "qwertyuiopasdfghjklzxcvbnm",
        "qwertzuiopasdfghjklyxcvbnm",
        "azertyuiopqsdfghjklmwxcvbn",
        "poiuytrewqlkjhgfdsamnbvcxz",
        "asdfghjklqwertyuiop",
        "zxcvbnmasdfghjkl",
        "1qaz2wsx3edc4rfv5tgb6yhn",
        "1q2w3e4r5t6y7u8i9o0p",
        "q1w2e3r4t5y6u7i8o9p0",
        "zaq12wsxcde34rfvbgt5",
        "qazwsxedcrfvtgbyhnujm",
        "147258369",
        "987654321",
        "123654789",
        "741852963",
        "159753",
    ];

    // English and Portuguese, as they are typed: without accents, in small letters.
    private static readonly FrozenSet<string> Words = (
        "abacaxi abc abcd acesso admin administrador administrator adobe alexander alexandre amanda america amor amorzinho "
        + "andrea andrew angel angels anthony apple arsenal asdf ashley atletico azerty bailarina banana barbara barcelona "
        + "baseball basketball batman beatriz benfica blink brasil brasileiro brazil bruna bruno butterfly camila captain carlos "
        + "carolina casa casino cassino changeme charlie charlotte cheese chelsea chocolate computer contrasena cookie coringao "
        + "corinthians cruzeiro daniel daniela default deus deusefiel deusehfiel diamond dolphin dragon eduardo elephant "
        + "elizabeth estrela facebook familia family felicidade felipe fernanda fernando ferrari flamengo fluminense football "
        + "freddy freedom friends fuckyou gabriel gabriela galaxy google gremio guest guilherme gustavo hannah harley heaven "
        + "hello hellokitty henrique hockey hunter iloveu iloveyou internacional internet isabela isabella jackson jasmine "
        + "jennifer jessica jesus jesuscristo jordan joshua juliana justin killer king larissa leonardo letmein letmeinnow "
        + "linkedin liverpool lovely loveme loveyou lucas luciana lucky madison manchester marcelo marcos maria mariana master "
        + "matheus matrix matthew meuamor michael michelle microsoft minecraft minhasenha monkey morgan mudar mustang mynoob "
        + "naruto natalia nathan nicholas nicole ninja nintendo office orange palmeiras pass passe passw password passwort "
        + "patricia paulista pepper phoenix pokemon portugal prince princesa princess purple qwer qwerty rafael rafaela rainbow "
        + "rebecca renata ricardo robert roberto rodrigo root samantha samsung santos saopaulo secret segredo senha senhas server "
        + "shadow silver slayer snoopy soccer spiderman starwars stephanie summer sunflower sunshine superman taylor teamo temp "
        + "test teste testing thiago thomas thunder ticket ticketbooth tigger tottenham trustno ursinho user vanessa vasco "
        + "vascodagama victor victoria vitoria welcome whatever william windows winner winter yamaha"
    )
        .Split(' ')
        .ToFrozenSet(StringComparer.Ordinal);

    /// <param name="password">Normalized.</param>
    public static bool Contains(string password)
    {
        ArgumentNullException.ThrowIfNull(password);
        var text = Folding.WithoutMarks(password).ToLowerInvariant();
        return IsRepetition(text) || IsWalk(text) || IsDecorated(text);
    }

    private static bool IsRepetition(string text) =>
        Enumerable.Range(1, LongestRepeatedPart).Any(length => text.Select((letter, i) => letter == text[i % length]).All(same => same));

    /// <summary>In one piece, or one piece and a few characters more.</summary>
    private static bool IsWalk(string text) =>
        Walks.Any(walk =>
            Enumerable
                .Range(0, LongestDecoration + 1)
                .Any(extra =>
                    text.Length - extra >= LongestDecoration + 2
                    && (walk.Contains(text[extra..], StringComparison.Ordinal) || walk.Contains(text[..^extra], StringComparison.Ordinal))
                )
        );

    private static bool IsDecorated(string text)
    {
        for (var before = 0; before <= LongestDecoration && IsDecoration(text[..before]); before++)
        {
            for (var after = 0; before + after <= LongestDecoration && IsDecoration(text[^after..]); after++)
            {
                var word = text[before..^after];
                if (IsCommon(word) || IsCommon(WithoutDisguise(word)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool IsDecoration(string text) => !text.Any(char.IsLetter);

    private static bool IsCommon(string word) =>
        Words.Contains(word) || (word[..(word.Length / 2)] == word[(word.Length / 2)..] && Words.Contains(word[..(word.Length / 2)]));

    /// <summary>Digits and signs that stand for letters, as in <c>p@ssw0rd</c>.</summary>
    private static string WithoutDisguise(string text) => string.Create(text.Length, text, (undisguised, disguised) =>
        {
            for (var i = 0; i < undisguised.Length; i++)
            {
                undisguised[i] = disguised[i] switch
                {
                    '0' => 'o',
                    '1' or '!' => 'i',
                    '3' => 'e',
                    '4' or '@' => 'a',
                    '5' or '$' => 's',
                    '7' => 't',
                    var other => other,
                };
            }
        });
}
