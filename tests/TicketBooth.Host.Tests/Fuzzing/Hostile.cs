namespace TicketBooth.Host.Tests.Fuzzing;

/// <summary>What somebody sends who means no good, or whose program is broken.</summary>
internal static class Hostile
{
    /// <summary>Values of fields, of parameters and of parts of a path.</summary>
    public static readonly string[] Texts =
    [
        "", " ", "\t", "\0", "a\0b", "\r\n", "\uFFFE", "a\uFFFEb", "\uFFFF", "\uFDD0", "\u202E", "\u200B", "\u2028", "\u0085",
        "'", "\"", "' OR 1=1 --", "<script>alert(1)</script>", "&amp;", "%", "%00", "_", "\\", "../../etc/passwd", "{0}", "{{7*7}}", "${7*7}", "=1+1",
        new('_', 32), new('A', 32), new('-', 32), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "f_________8AAAAAAAAAAAAAAAAAAAAAA"[..32], "gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"[..32],
        "null", "true", "-1", "0", "1", "2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e400", "NaN", "0x10", "1,5", "1.000,00",
        "１２", "٣", "½", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59-14:00", "2026-02-30T00:00:00Z",
        "2026-13-01", "2026-01-01", "12:00", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff", "00000000-0000-8000-8000-000000000000",
        "ffffffff-ffff-8fff-bfff-ffffffffffff", "0199e2f0-1b7e-8d20-8a61-3f5c9e21ffff", "{0199e2f0-1b7e-7d20-8a61-3f5c9e210000}", "not-an-id",
        "😀", "e\u0301", "İ", "ß", "ﬁ", string.Concat(Enumerable.Repeat("ﷺ", 200)), new('a', 300), new('a', 5_000), string.Concat(Enumerable.Repeat("x ", 100)),
        "a@b", "@", "a@b@c", "a\uFFFE@b.example", "[]", "{}", "paid", "on_payment", "demand", "*", "\"1\"", "W/\"1\"", "\"9223372036854775808\"",
    ];

    /// <summary>JSON that is well-formed, but not what was asked for. Half a surrogate pair can be written in JSON only.</summary>
    public static readonly string[] Json =
    [
        "null", "true", "false", "0", "-0", "-1", "1", "1.5", "0.001", "1e2", "1e400", "-1e400", "2147483647", "2147483648", "9223372036854775807",
        "9223372036854775808", "123456789012345678901234567890", "79228162514264337593543950336", "\"\\ud800\"", "\"\\udc00a\"", "\"\\u0000\"", "\"\\ufffe\"", "[]", "{}",
        "[null]", "[[]]", "[{}]", "{\"a\":1}", "{\"\":null}", new string('[', 70) + new string(']', 70),
    ];

    public static readonly string[] ContentTypes =
    [
        "application/json; charset=utf-8", "application/json; charset=\"UTF-8\"", "application/json; charset=klingon", "application/json;charset=utf-16",
        "application/json; charset=utf-7", "application/json; charset=", "application/json; charset=\"\"", "APPLICATION/JSON", "application/vnd.api+json",
        "application/json;;;", "json", "text/plain", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=x", "*/*", "",
    ];

    public static readonly string[] Tokens =
        ["", "Bearer", "Bearer ", "Bearer a.b.c", "Bearer eyJhbGciOiJub25lIn0.e30.", "Basic Og==", "Bearer \u00ff", "Bearer a, Bearer b", "Bearer " + new string('a', 6_000)];

    public static T From<T>(this Random random, IReadOnlyList<T> values) => values[random.Next(values.Count)];

    public static bool Happens(this Random random, double probability) => random.NextDouble() < probability;
}
