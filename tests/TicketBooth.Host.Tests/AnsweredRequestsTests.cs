using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using TicketBooth.BuildingBlocks.Kernel;
using TicketBooth.BuildingBlocks.Storage;
using TicketBooth.Testing;

namespace TicketBooth.Host.Tests;

/// <summary>What every store of answers must do; a fixture per store derives from it.</summary>
internal abstract class AnsweredRequestsContract
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 20, 0, 0, TimeSpan.Zero);
    private protected static readonly DateTimeOffset ADayAgo = Now.AddHours(-24);
    private protected static readonly StoredAnswer Created = new(201, "application/json", "/api/v1/events/1", "\"1-a\"", [1, 2, 3]);

    private protected IAnsweredRequests Store { get; private set; } = null!;

    [SetUp]
    public void Open() => Store = OpenStore();

    [Test]
    public async Task Of_many_at_once_one_may_act_and_the_others_see_it()
    {
        var reserved = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => Task.Run(() => Store.ReserveAsync("race", Request(), ADayAgo))));

        Assert.That(reserved.Count(one => one.IsMine), Is.EqualTo(1));
        Assert.That(reserved.Select(one => one.Request.OperationId).Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task An_answer_comes_back_whole_and_stays()
    {
        var mine = await Store.ReserveAsync("whole", Request(), ADayAgo);
        await Store.AnswerAsync("whole", mine.Request.OperationId, Created);
        await Store.RemoveAsync("whole", mine.Request.OperationId);

        var (isMine, request) = await Store.ReserveAsync("whole", Request() with { At = Now.AddHours(2) }, ADayAgo);

        Assert.That(isMine, Is.False);
        Assert.That(request.Answer! with { Body = Created.Body }, Is.EqualTo(Created));
        Assert.That(request.Answer.Body, Is.EqualTo(Created.Body));
    }

    [Test]
    public async Task An_answer_without_a_body_comes_back_too()
    {
        var mine = await Store.ReserveAsync("empty", Request(), ADayAgo);
        await Store.AnswerAsync("empty", mine.Request.OperationId, new StoredAnswer(204, null, null, null, []));

        var answer = (await Store.ReserveAsync("empty", Request(), ADayAgo)).Request.Answer!;

        Assert.That((answer.Status, answer.ContentType, answer.Location, answer.ETag), Is.EqualTo((204, (string?)null, (string?)null, (string?)null)));
        Assert.That(answer.Body, Is.Empty);
    }

    [Test]
    public async Task One_that_failed_or_whose_host_died_goes_to_the_next_under_the_same_operation()
    {
        var first = await Store.ReserveAsync("failed", Request(), ADayAgo);
        await Store.EndAsync("failed", first.Request.OperationId);
        var second = await Store.ReserveAsync("failed", Request(), ADayAgo);
        var third = await Store.ReserveAsync("failed", Request() with { At = second.Request.Until, Until = second.Request.Until.AddMinutes(1) }, ADayAgo);

        Assert.That((second.IsMine, third.IsMine), Is.EqualTo((true, true)));
        Assert.That(new[] { second.Request.OperationId, third.Request.OperationId }, Is.All.EqualTo(first.Request.OperationId));
        Assert.That(third.Request.At, Is.EqualTo(first.Request.At), "the day counts from the first");
    }

    [Test]
    public async Task Another_request_does_not_get_what_one_left()
    {
        var first = await Store.ReserveAsync("other", Request(), ADayAgo);
        await Store.EndAsync("other", first.Request.OperationId);

        var (isMine, request) = await Store.ReserveAsync("other", Request() with { Fingerprint = "of another" }, ADayAgo);

        Assert.That((isMine, request.Fingerprint), Is.EqualTo((false, first.Request.Fingerprint)));
    }

    [Test]
    public async Task One_that_did_nothing_leaves_nothing()
    {
        var first = await Store.ReserveAsync("nothing", Request(), ADayAgo);
        await Store.RemoveAsync("nothing", first.Request.OperationId);

        Assert.That((await Store.ReserveAsync("nothing", Request() with { Fingerprint = "of another" }, ADayAgo)).IsMine, Is.True);
    }

    [Test]
    public async Task A_day_later_the_key_is_new_again()
    {
        var first = await Store.ReserveAsync("old", Request(), ADayAgo);
        await Store.AnswerAsync("old", first.Request.OperationId, Created);

        var (isMine, request) = await Store.ReserveAsync("old", Request() with { Fingerprint = "of another", At = Now.AddHours(25) }, validFrom: Now.AddHours(1));

        Assert.That((isMine, request.Answer, request.Fingerprint), Is.EqualTo((true, (StoredAnswer?)null, "of another")));
    }

    [Test]
    public async Task Old_ones_are_forgotten()
    {
        var old = await Store.ReserveAsync("forgotten", Request(), ADayAgo);
        await Store.AnswerAsync("forgotten", old.Request.OperationId, Created);
        await Store.ReserveAsync("kept", Request() with { At = Now.AddHours(1), Until = Now.AddHours(2) }, ADayAgo);

        await Store.ForgetAsync(Now.AddMinutes(1));

        Assert.That((await Store.ReserveAsync("forgotten", Request(), ADayAgo)).IsMine, Is.True);
        Assert.That((await Store.ReserveAsync("kept", Request(), ADayAgo)).IsMine, Is.False);
    }

    private protected abstract IAnsweredRequests OpenStore();

    private protected static AnsweredRequest Request() => new("of a request", TaggedId.NewBase(Now), Now, Now.AddMinutes(1));
}

[TestFixture]
internal sealed class SqliteAnsweredRequestsTests : AnsweredRequestsContract
{
    private string folder = null!;
    private ServiceProvider? services;

    [TearDown]
    public async Task Close()
    {
        await services!.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public async Task What_a_process_that_is_gone_has_left_goes_to_the_next_request_at_once()
    {
        var left = await Store.ReserveAsync("left", Request(), ADayAgo);
        var answered = await Store.ReserveAsync("answered", Request(), ADayAgo);
        await Store.AnswerAsync("answered", answered.Request.OperationId, Created);
        await services!.DisposeAsync();
        services = StoredIn("Storage:Path", folder);
        var store = services.GetRequiredService<IAnsweredRequests>();

        var another = await store.ReserveAsync("left", Request() with { Fingerprint = "of another" }, ADayAgo);
        var reserved = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.ReserveAsync("left", Request(), ADayAgo))));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(another.IsMine, Is.False);
            Assert.That(reserved.Count(one => one.IsMine), Is.EqualTo(1));
            Assert.That(reserved.Select(one => one.Request.OperationId), Is.All.EqualTo(left.Request.OperationId));
            Assert.That((await store.ReserveAsync("answered", Request(), ADayAgo)).Request.Answer?.Status, Is.EqualTo(201));
        }
    }

    private protected override IAnsweredRequests OpenStore()
    {
        folder = Directory.CreateTempSubdirectory("ticketbooth-test-").FullName;
        services = StoredIn("Storage:Path", folder);
        return services.GetRequiredService<IAnsweredRequests>();
    }

    internal static ServiceProvider StoredIn(string setting, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new(setting, value)]).Build();
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddSingleton<IHostEnvironment>(new HostingEnvironment { ContentRootPath = Path.GetTempPath() })
            .AddSingleton(TimeProvider.System)
            .AddStorage(configuration)
            .BuildServiceProvider();
    }
}

[TestFixture]
internal sealed class MongoAnsweredRequestsTests : AnsweredRequestsContract
{
    private MongoDbSpace space = null!;
    private ServiceProvider? services;

    [TearDown]
    public async Task Close()
    {
        await services!.DisposeAsync();
        await space.DisposeAsync();
    }

    private protected override IAnsweredRequests OpenStore()
    {
        space = new MongoDbSpace();
        services = SqliteAnsweredRequestsTests.StoredIn("ConnectionStrings:MongoDb", space.ConnectionString);
        return services.GetRequiredService<IAnsweredRequests>();
    }
}
