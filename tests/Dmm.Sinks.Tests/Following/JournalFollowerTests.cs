using CsCheck;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Archive;
using Dmm.Sinks.Tests.Archive;
using Dmm.Sinks.Following;
using Dmm.Testing.Journal;

namespace Dmm.Sinks.Tests.Following;

/// <summary>Following a journal: order, bounds, and what is still being written.</summary>
public sealed class JournalFollowerTests : IDisposable
{
    private readonly StoryJournal _story = new();
    private readonly CollectingArchive _archive = new();

    public void Dispose() => _story.Dispose();

    [Fact]
    public void Records_ComeInTheOrderInWhichTheyCameToBe()
    {
        _story.Run().Decide(Note("d1")).Hear(Rate()).Decide(Note("d2")).Decide(Note("d3")).Trade().Hear(Rate()).Run().Decide(Note("d4")).Run()
            .Hear(Rate()).Close();
        _story.Follow(_archive).CatchUp(isClosed: true);
        Order().ShouldBe("run1 d1 i1 d2 d3 i3 run2 d4 run3 i4");
    }

    [Fact]
    public void InputsAfterTheLastDecision_WaitUntilWhatTheyLedToIsThere()
    {
        var follower = _story.Run().Hear(Rate()).Decide(Note("d1")).Hear(Rate()).Flush().Follow(_archive);
        follower.CatchUp(isClosed: false).ShouldBe(3);
        Order().ShouldBe("run1 i1 d1");
        follower.CatchUp(isClosed: false).ShouldBe(0);
        _story.Decide(Note("d2")).Run().Flush();
        follower.CatchUp(isClosed: false).ShouldBe(2);
        _story.Close();
        follower.CatchUp(isClosed: true).ShouldBe(1);
        Order().ShouldBe("run1 i1 d1 i2 d2 run2");
    }

    [Fact]
    public void AnyStory_FollowedAsItIsWritten_IsEqualToTheStoryReadAtOnce() =>
        Gen.Int[0, 5].Array[0, 80].Sample(steps =>
        {
            using var story = new StoryJournal();
            var (live, atOnce) = (new CollectingArchive(), new CollectingArchive());
            var follower = story.Run().Flush().Follow(live);
            foreach (var step in steps)
            {
                switch (step)
                {
                    case 0: story.Run(); break;
                    case 1: story.Trade(); break;
                    case 2: story.Hear(Rate()); break;
                    case 3: story.Decide(Note($"d{story.Writer.Position.Decision + 1}")); break;
                    case 4: story.Flush(); break;
                    default: follower.CatchUp(isClosed: false); break;
                }
            }

            story.Close();
            follower.CatchUp(isClosed: true);
            story.Follow(atOnce).CatchUp(isClosed: true);
            Order(live).ShouldBe(Order(atOnce));
            live.Position(story.Identity).ShouldBe(atOnce.Position(story.Identity));
        }, iter: 200, threads: 1);

    [Fact]
    public void LongJournal_IsTakenInBoundedBatches()
    {
        _story.Run();
        for (var i = 0; i < 2 * JournalFollower.RecordsMax; i++) _story.Hear(Rate());
        _story.Run().Close();
        _story.Follow(_archive).CatchUp(isClosed: true).ShouldBe(2 * JournalFollower.RecordsMax + 2);
        _archive.Batches.Select(b => b.Records.Length).ShouldBe([JournalFollower.RecordsMax, JournalFollower.RecordsMax, 2]);
        _archive.Batches.Select(b => b.Run.Run).ShouldBe([1, 1, 1]);
    }

    [Fact]
    public void BatchThatARunBegins_NamesThatRun()
    {
        var follower = _story.Run().Decide(Note("d1")).Flush().Follow(_archive);
        follower.CatchUp(isClosed: false);
        _story.Run().Decide(Note("d2")).Decide(Note("d3")).Flush();
        follower.CatchUp(isClosed: false);
        _story.Decide(Note("d4")).Close();
        _story.Follow(_archive).CatchUp(isClosed: true);
        _archive.Batches.Select(b => b.Run.Run).ShouldBe([1, 2, 2]);
    }

    [Fact]
    public void JournalWhoseFirstRunsWereRemoved_IsTakenFromWhereItBegins()
    {
        _story.Writer.BeginRun(JournalSamples.Header(run: 5, sequence: 10, decision: 3));
        _story.Hear(Rate()).Decide(Note("d3")).Close();
        _story.Follow(_archive).CatchUp(isClosed: true);
        Order().ShouldBe("run5 i10 d3");
    }

    [Fact]
    public void FirstDecisionsLostInACrash_TheRestIsTaken()
    {
        _story.Run().Hear(Rate());
        _story.Writer.BeginRun(JournalSamples.Header(2, 2, 6, _story.Writer.Position.ReachedAt));
        _story.Hear(Rate()).Decide(Note("d6")).Close();
        _story.Follow(_archive).CatchUp(isClosed: true);
        Order().ShouldBe("run1 i1 run2 i2 d6");
    }

    [Fact]
    public void EmptyJournal_NothingIsTaken()
    {
        _story.Follow(_archive).CatchUp(isClosed: true).ShouldBe(0);
        _story.Run().Flush().Follow(_archive).CatchUp(isClosed: false).ShouldBe(0);
        _archive.Batches.ShouldBeEmpty();
    }

    private static Alert Note(string text) => new(AlertLevel.Information, "note", text);

    private static ReferenceRate Rate() => new("TON", "USDT", 5, JournalSamples.Start);

    private string Order() => Order(_archive);

    private static string Order(CollectingArchive archive) => string.Join(' ', archive.Batches.SelectMany(b => b.Records).Select(r =>
        r.IsDecision ? ((Alert)r.Decision.Body).Text : r.Journal.Header is { } header ? $"run{header.Run}" : $"i{r.Journal.Stamp.Sequence}"));
}
