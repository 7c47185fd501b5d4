using Microsoft.Data.Sqlite;
using TicketBooth.BuildingBlocks.Storage.Backups;
using TicketBooth.BuildingBlocks.Storage.Sqlite;

namespace TicketBooth.BuildingBlocks.Tests.Storage;

/// <summary>
/// Two files as two modules have them: the first tells, the second has the effect, and the first notes that it was told. Whatever moment a cut
/// shows, no effect is without its cause (an order without its payment), and nothing is noted as told that had no effect (a lost message).
/// </summary>
public sealed class FolderCutTests
{
    private const int Cuts = 40;
    private static readonly string[] Teller = ["CREATE TABLE messages(id INTEGER PRIMARY KEY, sent INTEGER NOT NULL, told INTEGER NOT NULL); INSERT INTO messages VALUES (1, 0, 0)"];
    private static readonly string[] Listener = ["CREATE TABLE effects(id INTEGER PRIMARY KEY, done INTEGER NOT NULL); INSERT INTO effects VALUES (1, 0)"];

    private TempFolder folder = null!;
    private EmbeddedStorage storage = null!;
    private (SqliteDatabase Teller, SqliteDatabase Listener) files;
    private long rounds;

    [SetUp]
    public void Open()
    {
        folder = new TempFolder();
        storage = TestStorage.Open(folder.Path);
        files = (storage.Open("a-teller", Teller), storage.Open("b-listener", Listener));
        rounds = 0;
    }

    [TearDown]
    public async Task CloseAsync()
    {
        await storage.DisposeAsync();
        folder.Dispose();
    }

    [Test]
    public async Task No_cut_shows_an_effect_without_its_cause_or_a_message_that_is_lost()
    {
        var broken = new List<string>();
        await WhileTheyTalkAsync(() =>
        {
            using var cut = FolderCut.Take(folder.Path, TimeProvider.System, CancellationToken.None);
            broken.AddRange(ProblemsOf(cut.Files[0], cut.Files[1]));
        });

        Assert.That(broken, Is.Empty);
    }

    /// <summary>The guard taken away: what the cut is for.</summary>
    [TestCase(true, "an effect without its cause")]
    [TestCase(false, "a message that is lost")]
    public async Task Files_that_are_read_one_after_the_other_do_not_fit_together(bool tellerFirst, string problem)
    {
        var broken = new List<string>();
        await WhileTheyTalkAsync(() =>
        {
            using var ofTeller = new FileSnapshot(files.Teller.File);
            using var ofListener = new FileSnapshot(files.Listener.File);
            var (first, second) = tellerFirst ? (ofTeller, ofListener) : (ofListener, ofTeller);
            first.Begin();
            var seen = Interlocked.Read(ref rounds);
            SpinWait.SpinUntil(() => Interlocked.Read(ref rounds) > seen + 1);
            second.Begin();
            broken.AddRange(ProblemsOf(ofTeller, ofListener));
        });

        Assert.That(broken, Has.Count.EqualTo(Cuts).And.All.EqualTo(problem));
    }

    [Test]
    public async Task A_file_that_somebody_else_keeps_locked_holds_up_nobody_who_writes_another()
    {
        using var other = SqliteSession.Open($"Data Source={files.Listener.File};Pooling=false");
        other.Run("BEGIN IMMEDIATE");
        using var stop = new CancellationTokenSource();
        var cut = Task.Run(() => FolderCut.Take(folder.Path, TimeProvider.System, stop.Token));

        for (var i = 0; i < Cuts; i++)
        {
            await SendAsync().WithinDeadlineAsync();
        }

        Assert.That(cut.IsCompleted, Is.False);
        await stop.CancelAsync();
        Assert.That(() => cut, Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void A_file_that_is_not_of_the_installation_is_left_out()
    {
        using (var foreign = new SqliteConnection($"Data Source={folder.File("notes.db")};Pooling=false"))
        {
            foreign.Open();
        }

        using var cut = FolderCut.Take(folder.Path, TimeProvider.System, CancellationToken.None);

        Assert.That(cut.Files.Select(file => Path.GetFileName(file.File)), Is.EqualTo(["a-teller.db", "b-listener.db"]));
    }

    [Test]
    public async Task What_is_written_after_a_cut_is_not_in_its_copy()
    {
        await SendAsync();
        using var cut = FolderCut.Take(folder.Path, TimeProvider.System, CancellationToken.None);
        await SendAsync();

        var copy = folder.File("copy.db");
        cut.Files[0].CopyTo(copy, () => { });

        using var copied = SqliteSession.Open($"Data Source={copy};Pooling=false");
        Assert.That(copied.Number("SELECT sent FROM messages"), Is.EqualTo(1));
    }

    private async Task WhileTheyTalkAsync(Action cut)
    {
        using var stop = new CancellationTokenSource();
        var talk = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await SendAsync();
                await files.Listener.WriteAsync(session => session.Execute("UPDATE effects SET done = done + 1"));
                await files.Teller.WriteAsync(session => session.Execute("UPDATE messages SET told = told + 1"));
                Interlocked.Increment(ref rounds);
            }
        });
        try
        {
            await Task.Run(() =>
            {
                for (var i = 0; i < Cuts; i++)
                {
                    cut();
                }
            }).WithinDeadlineAsync();
        }
        finally
        {
            await stop.CancelAsync();
            await talk;
        }
    }

    private Task SendAsync() => files.Teller.WriteAsync(session => session.Execute("UPDATE messages SET sent = sent + 1"));

    private static IEnumerable<string> ProblemsOf(FileSnapshot ofTeller, FileSnapshot ofListener)
    {
        var sent = ofTeller.Read(session => session.Number("SELECT sent FROM messages"));
        var told = ofTeller.Read(session => session.Number("SELECT told FROM messages"));
        var done = ofListener.Read(session => session.Number("SELECT done FROM effects"));
        if (done > sent)
        {
            yield return "an effect without its cause";
        }

        if (told > done)
        {
            yield return "a message that is lost";
        }
    }
}
