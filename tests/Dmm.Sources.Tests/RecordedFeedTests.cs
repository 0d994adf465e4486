using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Testing;
using Dmm.Wire;

namespace Dmm.Sources.Tests;

/// <summary>Every recorded frame is understood: by the span parsers where the channel is hot, and by both parsers alike.</summary>
public sealed class RecordedFeedTests
{
    [Fact]
    public void Usdm_EveryFrameParsed()
    {
        var drawn = RecordedFiles.Drawn(RecordedFiles.Usdm().Open());
        (drawn.Count(InputKind.Book), drawn.Count(InputKind.Top), drawn.Count(InputKind.Trade)).ShouldBe((6_552, 66_089, 21_313));
        drawn.Controls<FeedStatus>().Last().Detail.ShouldBe("93954 frames, 0 rejected");
    }

    [Fact]
    public void Coinm_EveryFrameParsed()
    {
        var drawn = RecordedFiles.Drawn(RecordedFiles.Coinm().Open());
        (drawn.Count(InputKind.Book), drawn.Count(InputKind.Top), drawn.Count(InputKind.Trade)).ShouldBe((26_848, 19_136, 2_286));
        drawn.Controls<FeedStatus>().Last().Detail.ShouldBe("48270 frames, 0 rejected");
    }

    [Fact]
    public void SpotOverMidnight_BothFilesAsOne_EveryFrameParsed()
    {
        var drawn = RecordedFiles.Drawn(RecordedFiles.Spot().Open());
        (drawn.Count(InputKind.Book), drawn.Count(InputKind.Top), drawn.Count(InputKind.Trade)).ShouldBe((6_496, 73_174, 19_904));
        drawn.Controls<FeedStatus>().Last().Detail.ShouldBe("99574 frames, 0 rejected");
    }

    [Fact]
    public void Okx_EveryFrameUnderstood()
    {
        var drawn = RecordedFiles.Drawn(RecordedFiles.Okx(RecordedFiles.OkxInstruments()).Open());
        drawn.Controls<Rejected>().ShouldBeEmpty();
        (drawn.Count(InputKind.Book), drawn.Count(InputKind.Trade)).ShouldBe((OkxLines("\"action\":"), OkxLines("\"tradeId\":")));
    }

    [Fact]
    public void Okx_OneInstrumentOfThree_OthersRefusedByName()
    {
        var drawn = RecordedFiles.Drawn(RecordedFiles.Okx(RecordedFiles.OkxInstruments()[0]).Open());
        drawn.Count(InputKind.Book).ShouldBe(98);
        drawn.Controls<Rejected>().Select(r => r.Reason.Split(": ")[1] + ": " + r.Reason.Split(": ")[2]).Distinct().Order().ShouldBe(
            ["a frame of BTC-USD-220527: expected BTC-USDT", "a frame of UNI-USD-SWAP: expected BTC-USDT"]);
    }

    [Fact]
    public void Okx_InstrumentsOfTheVenuesOwnReplies()
    {
        var listings = OkxCapture.ReadInstruments(SharedData.SkipUnlessPresent("data", "okx", "OKX.0.gz"), BookSequenceRule.ChecksumOnly);
        var ton = listings["SPOT"].Require("TON-USDT", new(7));
        (ton.BaseAsset, ton.QuoteAsset, ton.Prices.Step, ton.Sizes.Step, ton.MinimumSize).ShouldBe(("TON", "USDT", 0.0001m, 0.0001m, 1m));
        (listings["SPOT"].Instruments.Length, listings["SWAP"].Instruments.Length, listings["FUTURES"].Instruments.Length).ShouldBe((513, 166, 104));
        (listings["SPOT"].Faults.Length + listings["SWAP"].Faults.Length + listings["FUTURES"].Faults.Length).ShouldBe(0);
        Should.Throw<KeyNotFoundException>(() => listings["SPOT"].Require("DCT-USDT", new(0))).Message
            .ShouldStartWith("unknown symbol 'DCT-USDT' at okx: known are BTC-USDT, ");
    }

    [Fact]
    public void RecordersClockIsBehind_OffsetAboutOneAndAThirdSeconds()
    {
        foreach (var feed in new[] { RecordedFiles.Usdm(), RecordedFiles.Coinm(), RecordedFiles.Spot() })
        {
            var offsets = RecordedFiles.Drawn(feed.Open()).Controls<ClockOffset>().Select(o => o.Offset.TotalSeconds).ToList();
            offsets.ShouldAllBe(offset => offset > 1.0 && offset < 1.5);
            offsets.Count.ShouldBeLessThan(10);
        }
    }

    [Fact]
    public void ThreeVenuesMerged_NothingLost_AndTwiceTheSame()
    {
        var merged = RecordedFiles.Drawn(new MergedCapture([RecordedFiles.Spot(), RecordedFiles.Usdm(), RecordedFiles.Coinm()]).Open());
        merged.Count(d => d.Input.Kind != InputKind.Control).ShouldBe(99_574 + 93_954 + 48_270);
        var again = RecordedFiles.Drawn(new MergedCapture([RecordedFiles.Spot(), RecordedFiles.Usdm(), RecordedFiles.Coinm()]).Open());
        again.Select(d => (d.At, d.Input.Kind)).SequenceEqual(merged.Select(d => (d.At, d.Input.Kind))).ShouldBeTrue();
    }

    [Theory]
    [InlineData("usdm_btcusdt_20240808.gz", 1)]
    [InlineData("cm_btcusd_perp_20240808.gz", 1)]
    [InlineData("spot_btcusdt_20240808.gz", 1)]
    [InlineData("spot_btcusdt_20240809.gz", 0)]
    public void EveryHotFrame_SpanParserTakesItAndTheGeneralOneAgrees(string file, int snapshots)
    {
        var instrument = file[0] switch { 'u' => RecordedFiles.UsdmBtc, 'c' => RecordedFiles.CoinmBtc, _ => RecordedFiles.SpotBtc };
        var wire = new BinanceWire(instrument.Venue, [instrument]);
        using var reader = BinanceCapture.Open(RecordedFiles.Path(file));
        var left = 0;
        var fast = new MessageBatch();
        var general = new MessageBatch();
        while (reader.Read() == CaptureRead.Frame)
        {
            wire.ParseGeneral(reader.Frame.Span, reader.ReceiveTime, general).ShouldBe(ParseStatus.Parsed);
            if (wire.TryParseFast(reader.Frame.Span, reader.ReceiveTime, fast)) ShouldAgree(fast, general);
            else left++;
        }

        left.ShouldBe(snapshots);
    }

    [Fact]
    public void EveryOkxBookAndTrade_SpanParserTakesItAndTheGeneralOneAgrees()
    {
        var wire = new OkxWire(RecordedFiles.OkxInstruments());
        using var reader = OkxCapture.Open(SharedData.SkipUnlessPresent("data", "okx", "OKX.ws.1.0.gz"));
        var fast = new MessageBatch();
        var general = new MessageBatch();
        while (reader.Read() == CaptureRead.Frame)
        {
            var status = wire.ParseGeneral(reader.Frame.Span, reader.ReceiveTime, general);
            wire.TryParseFast(reader.Frame.Span, reader.ReceiveTime, fast).ShouldBe(status == ParseStatus.Parsed);
            ShouldAgree(fast, general);
        }
    }

    [Fact]
    public void FramesOfTheUsdmRecording_AllocateNothing()
    {
        using var reader = BinanceCapture.Open(RecordedFiles.Path("usdm_btcusdt_20240808.gz"));
        var store = FrameStore.Load(reader);
        var wire = new BinanceWire("binance-usdm", [RecordedFiles.UsdmBtc]);
        var batch = new MessageBatch();
        // The one snapshot is line 55; it is not a hot frame.
        Allocations.PerItem(i => wire.Parse(store[i + 100], store.ReceiveTime(i + 100), batch), items: store.Count - 100).ShouldBe(0);
    }

    [Fact]
    public void WholeRecordingDrawn_MemoryIsThatOfTheBuffers()
    {
        using var reader = RecordedFiles.Usdm().Open();
        reader.TryRead(out _, out _).ShouldBeTrue();
        var before = GC.GetAllocatedBytesForCurrentThread();
        while (reader.TryRead(out _, out _))
        {
        }

        // 27 MB of frames go through a line buffer of 64 kB and the level buffer of the largest frame.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000_000);
    }

    private static void ShouldAgree(MessageBatch fast, MessageBatch general)
    {
        fast.Count.ShouldBe(general.Count);
        for (var i = 0; i < fast.Count; i++)
        {
            var kind = fast[i].Kind;
            kind.ShouldBe(general[i].Kind);
            if (kind == InputKind.Top) fast[i].Top.ShouldBe(general[i].Top);
            if (kind == InputKind.Trade) fast[i].Trade.ShouldBe(general[i].Trade);
            if (kind != InputKind.Book) continue;
            var (left, right) = (fast[i].Book, general[i].Book);
            (left with { Levels = default }).ShouldBe(right with { Levels = default });
            left.Levels.Span.SequenceEqual(right.Levels.Span).ShouldBeTrue();
        }
    }

    private static int OkxLines(string text)
    {
        using var reader = OkxCapture.Open(SharedData.SkipUnlessPresent("data", "okx", "OKX.ws.1.0.gz"));
        var count = 0;
        while (reader.Read() == CaptureRead.Frame)
            if (System.Text.Encoding.UTF8.GetString(reader.Frame.Span).Contains(text, StringComparison.Ordinal))
                count++;
        return count;
    }
}
