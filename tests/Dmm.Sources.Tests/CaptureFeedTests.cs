using System.Reactive.Linq;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Wire;

namespace Dmm.Sources.Tests;

public sealed class CaptureFeedTests : IDisposable
{
    private const long Start = 1_723_161_255_000_000_000;

    private readonly RecordedFiles.Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Recording_ConnectedOffsetMessagesEnded()
    {
        var feed = RecordedFiles.Usdm(_folder.Gzip("u.gz", Trade(1, ms: 0), Trade(2, ms: 10)));
        Shown(feed.Open()).ShouldBe(
        [
            "23:54:15.000 FeedStatus { Venue = binance-usdm, State = Connected, Detail = u.gz }",
            "23:54:15.000 ClockOffset { Venue = binance-usdm, Offset = 00:00:01.3000000 }",
            "23:54:15.000 Trade 1",
            "23:54:15.010 Trade 2",
            "23:54:15.010 FeedStatus { Venue = binance-usdm, State = Ended, Detail = 2 frames, 0 rejected }",
        ]);
    }

    [Fact]
    public void Pushed_SameAsDrawn_ThenCompletes()
    {
        var feed = RecordedFiles.Usdm(_folder.Plain("u.log", Trade(1, ms: 0), "oops", Trade(2, ms: 10)));
        var pushed = feed.Select(Shown).Materialize().ToEnumerable().ToList();
        pushed[^1].Kind.ShouldBe(System.Reactive.NotificationKind.OnCompleted);
        pushed[..^1].Select(n => n.Value).ShouldBe(Shown(feed.Open()).Select(line => line[13..]));
    }

    [Fact]
    public void DisposedAfterTwo_NothingMoreIsRead()
    {
        var opened = 0;
        var feed = new CaptureFeed(
            new BinanceWire("binance-usdm", [RecordedFiles.UsdmBtc]),
            path =>
            {
                opened++;
                return BinanceCapture.Open(path);
            },
            [_folder.Plain("u.log", Trade(1, ms: 0)), "/nowhere/never.log"]);
        feed.Take(3).ToEnumerable().Count().ShouldBe(3);
        opened.ShouldBe(1);
    }

    [Fact]
    public void FileThatIsNotThere_OnErrorNamingIt()
    {
        var feed = RecordedFiles.Usdm("/nowhere/u.gz");
        Exception? error = null;
        feed.Subscribe(_ => { }, e => error = e);
        error.ShouldBeAssignableTo<IOException>()!.Message.ShouldContain("/nowhere/u.gz");
    }

    [Fact]
    public void ObserverThatThrows_ItsExceptionIsNotTakenForTheFeeds()
    {
        var feed = RecordedFiles.Usdm(_folder.Plain("u.log", Trade(1, ms: 0)));
        var isErrorTold = false;
        Should.Throw<IOException>(() => feed.Subscribe(_ => throw new IOException("mine"), _ => isErrorTold = true)).Message.ShouldBe("mine");
        isErrorTold.ShouldBeFalse();
    }

    [Fact]
    public void RefusedFrame_NamedWithFileAndLine_NeighboursKept()
    {
        var feed = RecordedFiles.Usdm(_folder.Plain(
            "u.log", Trade(1, ms: 0), Trade(2, ms: 10).Replace("61800.30", "61800.35"), Trade(3, ms: 20)[..^2], Trade(4, ms: 30)));
        var drawn = RecordedFiles.Drawn(feed.Open());
        drawn.Count(InputKind.Trade).ShouldBe(2);
        var reasons = drawn.Controls<Rejected>().Select(r => r.Reason).ToList();
        reasons[0].ShouldBe("u.log line 2: BTCUSDT trade: p price '61800.35' lies between two steps: expected a multiple of 0.1");
        reasons[1].ShouldStartWith("u.log line 3: not JSON: ");
        drawn.Controls<FeedStatus>().Last().Detail.ShouldBe("4 frames, 2 rejected");
    }

    [Fact]
    public void OtherSymbolsAmongThoseAskedFor_NamedOnceThenCounted()
    {
        string Ether(int id, int ms) => Trade(id, ms).Replace("BTC", "ETH").Replace("btc", "eth");
        var feed = RecordedFiles.Usdm(_folder.Plain("u.log", Ether(1, ms: 0), Trade(2, ms: 1), Ether(3, ms: 2), Ether(4, ms: 3), Trade(5, ms: 4)));
        var drawn = RecordedFiles.Drawn(feed.Open());
        drawn.Count(InputKind.Trade).ShouldBe(2);
        drawn.Controls<Rejected>().Select(r => r.Reason).ShouldBe(["u.log line 1: a frame of ETHUSDT: expected BTCUSDT"]);
        drawn.Controls<FeedStatus>().Last().Detail.ShouldBe("5 frames, 1 rejected, 2 more of other symbols");
    }

    [Fact]
    public void OtherSymbolOnly_EndSaysWhichWereSeen()
    {
        var ether = Trade(1, ms: 0).Replace("BTC", "ETH").Replace("btc", "eth");
        var doge = Trade(2, ms: 1).Replace("BTC", "DOGE").Replace("btc", "doge");
        var feed = RecordedFiles.Usdm(_folder.Plain("u.log", ether, doge));
        RecordedFiles.Drawn(feed.Open()).Controls<Rejected>().Select(r => r.Reason).ShouldBe(
        [
            "u.log line 1: a frame of ETHUSDT: expected BTCUSDT",
            "u.log line 2: a frame of DOGEUSDT: expected BTCUSDT",
            "the capture holds no message of BTCUSDT: it holds DOGEUSDT, ETHUSDT",
        ]);
    }

    [Fact]
    public void FirstFileCutOff_SecondStillRead()
    {
        var whole = RecordedFiles.Folder.Zip(Trade(1, ms: 0) + "\n");
        var feed = RecordedFiles.Usdm(_folder.Write("one.gz", whole[..^8]), _folder.Gzip("two.gz", Trade(2, ms: 10)));
        var drawn = RecordedFiles.Drawn(feed.Open());
        drawn.Where(d => d.Input.Kind == InputKind.Trade).Select(d => d.Input.Trade.TradeId).ShouldBe([1, 2]);
        drawn.Controls<Rejected>().Single().Reason.ShouldStartWith("one.gz after line 1: the compressed data is cut off or damaged: ");
    }

    [Fact]
    public void EmptyFile_ConnectedAndEnded() =>
        RecordedFiles.Drawn(RecordedFiles.Usdm(_folder.Plain("u.log")).Open()).Controls<FeedStatus>().Select(s => s.State)
            .ShouldBe([FeedState.Connected, FeedState.Ended]);

    [Fact]
    public void Merged_ByReceiveTime_EqualTimesByFileOrder_OrderInsideAFileKept()
    {
        var first = RecordedFiles.Usdm(_folder.Plain("a.log", Trade(1, ms: 0), Trade(2, ms: 20), Trade(3, ms: 15), Trade(4, ms: 30)));
        var second = RecordedFiles.Usdm(_folder.Plain("b.log", Trade(11, ms: 0), Trade(12, ms: 16), Trade(13, ms: 20), Trade(14, ms: 40)));
        var merged = new MergedCapture([first, second]);
        var drawn = RecordedFiles.Drawn(merged.Open()).Where(d => d.Input.Kind == InputKind.Trade).Select(d => d.Input.Trade.TradeId).ToList();
        drawn.ShouldBe([1, 11, 12, 2, 3, 13, 4, 14]);
        merged.Where(i => i.Kind == InputKind.Trade).Select(i => i.Trade.TradeId).ToEnumerable().ShouldBe(drawn);
    }

    [Fact]
    public void Merged_LevelsOfEachBookStayItsOwn()
    {
        var first = RecordedFiles.Usdm(_folder.Plain("a.log", Depth(100, ms: 0), Depth(101, ms: 20)));
        var second = RecordedFiles.Usdm(_folder.Plain("b.log", Depth(200, ms: 0), Depth(201, ms: 10)));
        using var reader = new MergedCapture([first, second]).Open();
        List<long> ticks = [];
        while (reader.TryRead(out var input, out _))
            if (input.Kind == InputKind.Book)
                ticks.Add(input.Book.Bids[0].PriceTicks);
        ticks.ShouldBe([1000, 2000, 2010, 1010]);
    }

    private static string Trade(int id, int ms) =>
        $$"""{{Start + ms * 1_000_000L}} {"stream":"btcusdt@trade","data":{"e":"trade","E":{{Start / 1_000_000 + ms + 1_300}},"T":{{Start / 1_000_000 + ms + 1_300}},"s":"BTCUSDT","t":{{id}},"p":"61800.30","q":"0.006","X":"MARKET","m":false""" + "}}";

    private static string Depth(int price, int ms) =>
        $$"""{{Start + ms * 1_000_000L}} {"stream":"btcusdt@depth@0ms","data":{"e":"depthUpdate","E":{{Start / 1_000_000 + ms + 1_300}},"T":{{Start / 1_000_000 + ms + 1_300}},"s":"BTCUSDT","U":1,"u":2,"pu":0,"b":[["{{price}}","1"]],"a":[]""" + "}}";

    private static List<string> Shown(IInputReader reader) =>
        [.. RecordedFiles.Drawn(reader).Select(d => $"{d.At.ToString()[11..23]} {Shown(d.Input)}")];

    private static string Shown(Input input) => input.Kind == InputKind.Control ? input.Control.ToString() : $"Trade {input.Trade.TradeId}";
}
