using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TicketBooth.Events.Reads.Cache;

namespace TicketBooth.Events.Tests.Reads.Cache;

[TestFixture]
internal sealed class RememberedTests
{
    [Test]
    public void Tags_equal_bodies_alike_and_others_otherwise()
    {
        var first = TagOf("a");
        Assert.That(TagOf("a"), Is.EqualTo(first));
        Assert.That(TagOf("b"), Is.Not.EqualTo(first));
        Assert.That(first, Does.Match("^\"[0-9a-f]{32}\"$"));
    }

    [TestCase("{0}", true)]
    [TestCase("W/{0}", true)]
    [TestCase("\"x\", {0}", true)]
    [TestCase("*", true)]
    [TestCase("\"x\"", false)]
    [TestCase("x", false)]
    [TestCase("", false)]
    public void Knows_when_the_client_has_it(string header, bool known)
    {
        var answer = Remembered.Of("a", JsonSerializerOptions.Default, DateTimeOffset.MaxValue, isPublic: true);
        var request = new DefaultHttpContext().Request;
        request.Headers.IfNoneMatch = header.Replace("{0}", answer.ETag, StringComparison.Ordinal);

        Assert.That(answer.IsKnownTo(request), Is.EqualTo(known));
    }

    [TestCase("\"12-0af3\"", 12L)]
    [TestCase("*", null)]
    [TestCase("", null)]
    [TestCase(null, null)]
    [TestCase("\"nonsense\"", 0L)]
    [TestCase("12-0af3", 0L)]
    [TestCase("\"-1-0af3\"", 0L)]
    [TestCase("\"99999999999999999999-a\"", 0L)]
    public void Reads_the_revision_that_a_change_is_meant_for(string? header, long? revision) => Assert.That(Remembered.RevisionOf(header), Is.EqualTo(revision));

    private static string TagOf(string value) => Remembered.Of(value, JsonSerializerOptions.Default, DateTimeOffset.MaxValue, isPublic: true).ETag;
}
