using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Sources.Tests;

public sealed class CaptureReaderTests : IDisposable
{
    private readonly RecordedFiles.Folder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Lines_GzipOrPlain_FramesWithTheirTimes(bool isGzip)
    {
        string[] lines = ["1723161255030314667 {\"a\":1}", "1723161255030314800 pong"];
        using var reader = BinanceCapture.Open(isGzip ? _folder.Gzip("x.gz", lines) : _folder.Plain("x.log", lines));
        Shown(reader).ShouldBe(["2024-08-08T23:54:15.0303146Z {\"a\":1}", "2024-08-08T23:54:15.0303148Z pong"]);
        reader.LineNumber.ShouldBe(2);
    }

    [Fact]
    public void LastLineWithoutLineEnd_Read()
    {
        using var reader = BinanceCapture.Open(_folder.Write("x.log", Encoding.UTF8.GetBytes("1723161255030314667 a\r\n1723161255030314667 b")));
        Shown(reader).Select(line => line[^1]).ShouldBe(['a', 'b']);
    }

    [Fact]
    public void LinesLongerThanTheBuffer_ReadWhole()
    {
        string[] payloads = [.. new[] { 1, 70_000, 3, 200_000, 65_536, 5 }.Select((length, i) => new string((char)('a' + i), length))];
        using var reader = BinanceCapture.Open(_folder.Gzip("x.gz", [.. payloads.Select(p => "1723161255030314667 " + p)]));
        Shown(reader).Select(line => line.Split(' ')[1]).ShouldBe(payloads);
    }

    [Theory]
    [InlineData("{\"a\":1}", "x.log line 2: begins without a receive time: expected Unix nanoseconds, a blank and the frame")]
    [InlineData("1723161255 {\"a\":1}", "x.log line 2: begins without a receive time: expected Unix nanoseconds, a blank and the frame")]
    [InlineData("", "x.log line 2: begins without a receive time: expected Unix nanoseconds, a blank and the frame")]
    [InlineData("1723161255030314667", "x.log line 2: holds no frame behind its receive time")]
    [InlineData("1723161255030314667 ", "x.log line 2: holds no frame behind its receive time")]
    [InlineData("1723161255030314667:{}", "x.log line 2: holds no frame behind its receive time")]
    public void BadLine_FaultNamesFileAndLine_NeighboursKept(string line, string fault)
    {
        using var reader = BinanceCapture.Open(_folder.Plain("x.log", "1723161255030314667 a", line, "1723161255030314667 b"));
        Shown(reader).ShouldBe(["2024-08-08T23:54:15.0303146Z a", fault, "2024-08-08T23:54:15.0303146Z b"]);
    }

    [Fact]
    public void GzipCutOff_EverythingBeforeItThenOneFault()
    {
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"1723161255030314667 {i * 7919 % 104729}\n"));
        var whole = RecordedFiles.Folder.Zip(text);
        using var reader = BinanceCapture.Open(_folder.Write("cut.gz", whole[..(whole.Length / 2)]));
        var shown = Shown(reader);
        shown.Count.ShouldBeGreaterThan(5_000);
        shown[..^1].Select((line, i) => line == $"2024-08-08T23:54:15.0303146Z {i * 7919 % 104729}").ShouldAllBe(isEqual => isEqual);
        shown[^1].ShouldStartWith($"cut.gz after line {shown.Count - 1}: the compressed data is cut off or damaged: ");
        reader.Read().ShouldBe(CaptureRead.End);
    }

    [Fact]
    public void GzipCutInItsTrailer_EveryLineThenOneFault()
    {
        var whole = RecordedFiles.Folder.Zip("1723161255030314667 a\n");
        using var reader = BinanceCapture.Open(_folder.Write("cut.gz", whole[..^8]));
        var shown = Shown(reader);
        shown[0].ShouldEndWith(" a");
        shown[1].ShouldStartWith("cut.gz after line 1: the compressed data is cut off or damaged: ");
    }

    [Fact]
    public void GzipCutAnywhere_NothingInventedAndOneFault()
    {
        string[] lines = [.. Enumerable.Range(0, 60).Select(i => $"1723161255030314667 {i * 7919 % 104729}")];
        var whole = RecordedFiles.Folder.Zip(string.Concat(lines.Select(l => l + "\n")));
        for (var length = 2; length < whole.Length; length++)
        {
            using var reader = BinanceCapture.Open(_folder.Write("cut.gz", whole[..length]));
            var shown = Shown(reader);
            shown.Count(line => line.Contains(": the compressed data is cut off or damaged: ")).ShouldBe(1);
            shown[..^1].Select(line => line.Split(' ')[1]).ShouldBe(lines.Take(shown.Count - 1).Select(line => line.Split(' ')[1]));
        }
    }

    [Fact]
    public void GzipsBehindEachOtherInOneFile_ReadAsOne()
    {
        byte[] both = [.. RecordedFiles.Folder.Zip("1723161255030314667 a\n17231612550303"), .. RecordedFiles.Folder.Zip("14667 b\n")];
        using var reader = BinanceCapture.Open(_folder.Write("two.gz", both));
        Shown(reader).Select(line => line[^1]).ShouldBe(['a', 'b']);
    }

    [Fact]
    public void GzipOfNothing_Ends()
    {
        using var reader = BinanceCapture.Open(_folder.Gzip("empty.gz"));
        reader.Read().ShouldBe(CaptureRead.End);
    }

    [Fact]
    public void NoSuchFile_ThrowsNamingIt() =>
        Should.Throw<IOException>(() => BinanceCapture.Open("/nowhere/x.gz")).Message.ShouldContain("/nowhere/x.gz");

    [Fact]
    public void OkxLines_OnlyFramesReceived()
    {
        using var reader = OkxCapture.Open(_folder.Plain(
            "okx.log",
            "wss://ws.okx.com:8443/ws/v5/public <-> 1652459224.5300605",
            "wss://ws.okx.com:8443/ws/v5/public <- 1652459225.2987883: {\"op\":\"subscribe\"}",
            "configuration: {}",
            "1652459225.5037491: {\"event\":\"subscribe\"}",
            "1652459225: pong",
            "no time: {}",
            "1652459225.5 {}"));
        Shown(reader).ShouldBe(
        [
            "2022-05-13T16:27:05.5037491Z {\"event\":\"subscribe\"}",
            "2022-05-13T16:27:05.0000000Z pong",
            "okx.log line 6: begins without a receive time: expected Unix seconds, a colon and the frame",
            "okx.log line 7: holds no frame behind its receive time",
        ]);
    }

    [Fact]
    public void OkxRestFileWithoutInstruments_SaysSo() =>
        Should.Throw<InvalidDataException>(
            () => OkxCapture.ReadInstruments(_folder.Plain("OKX.0", "configuration: {}"), BookSequenceRule.ChecksumOnly)).Message.ShouldBe("OKX.0 holds no reply of public/instruments");

    [Fact]
    public void FrameStore_HoldsAllFrames()
    {
        using var reader = BinanceCapture.Open(_folder.Plain("x.log", "1723161255030314667 abc", "1723161255030314800 de"));
        var store = FrameStore.Load(reader);
        store.Count.ShouldBe(2);
        store.Length.ShouldBe(5);
        Encoding.UTF8.GetString(store[0]).ShouldBe("abc");
        Encoding.UTF8.GetString(store[1]).ShouldBe("de");
        store.ReceiveTime(1).ShouldBe(Timestamp.Parse("2024-08-08T23:54:15.0303148Z"));
    }

    [Fact]
    public void FrameStoreOfAFaultyFile_Throws()
    {
        using var reader = BinanceCapture.Open(_folder.Plain("x.log", "oops"));
        Should.Throw<InvalidDataException>(() => FrameStore.Load(reader)).Message.ShouldStartWith("x.log line 1: ");
    }

    private static List<string> Shown(CaptureReader reader)
    {
        List<string> shown = [];
        while (true)
        {
            switch (reader.Read())
            {
                case CaptureRead.Frame: shown.Add($"{reader.ReceiveTime} {Encoding.UTF8.GetString(reader.Frame.Span)}"); break;
                case CaptureRead.Fault: shown.Add(reader.Fault); break;
                default: return shown;
            }
        }
    }
}
