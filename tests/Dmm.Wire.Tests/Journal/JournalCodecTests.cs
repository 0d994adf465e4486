using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using CsCheck;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Testing;
using Dmm.Testing.Journal;
using Dmm.Wire.Journal;

namespace Dmm.Wire.Tests.Journal;

public sealed class JournalCodecTests
{
    private readonly JournalEncoder _encoder = new(JournalSamples.Instruments);
    private readonly JournalDecoder _decoder = new(JournalSamples.Instruments);
    private readonly JournalBuffer _buffer = new();

    [Fact]
    public void AnyInput_ReadBack_IsEqual() => Gen.Select(JournalGen.Stamp, JournalGen.Input, JournalGen.Origin).Sample((stamp, input, origin) =>
    {
        var line = Line(b => _encoder.Input(b, stamp, input, origin));
        var record = _decoder.Record(line, JournalLine.Head(line));
        JournalSamples.Text(record).ShouldBe(JournalSamples.Text(new JournalRecord(stamp, input, origin)));
    }, threads: 1, iter: 3_000);

    [Fact]
    public void AnyDecision_ReadBack_IsEqualAndGivesTheSameBytesAgain() => JournalGen.Decision.Sample(decision =>
    {
        var line = Line(b => _encoder.Decision(b, decision));
        var read = _decoder.Decision(line, JournalLine.Head(line));
        JournalSamples.Text(read).ShouldBe(JournalSamples.Text(decision));
        Line(b => _encoder.Decision(b, read)).ShouldBe(line);
    }, threads: 1, iter: 3_000);

    [Fact]
    public void QuoteWhileSwapsAreOnTheirWay_TellsTheirTerms_AndAnotherSaysNothingOfThem()
    {
        var quote = (QuoteTarget)JournalSamples.DecisionBodies[0];
        var careful = quote with { Terms = quote.Terms with { PendingUpBps = 84.089642, PendingDownBps = 3 } };
        Text(careful).ShouldEndWith(",\"askBps\":28.359306,\"pendingUpBps\":84.089642,\"pendingDownBps\":3");
        Text(quote with { Terms = quote.Terms with { PendingDownBps = 3 } }).ShouldEndWith(",\"askBps\":28.359306,\"pendingDownBps\":3");
        Text(quote).ShouldEndWith(",\"askBps\":28.359306");

        string Text(QuoteTarget target) => Encoding.UTF8.GetString(
            Line(b => _encoder.Decision(b, new(1, new(1, null, JournalSamples.Start), target)))[..^JournalLine.ChecksumBytes]);
    }

    [Fact]
    public void AnyRunHeader_ReadBack_IsEqual() => JournalGen.Header.Sample(header =>
    {
        var line = Line(b => _encoder.Run(b, header));
        JournalLine.Head(line).ShouldBe(new(JournalKind.Run, header.NextSequence - 1, header.StartedAt, header.NextDecision, header.Run));
        JournalSamples.Text(JournalDecoder.Run(line)).ShouldBe(JournalSamples.Text(header));
    }, threads: 1, iter: 300);

    [Fact]
    public void RunOfAJournalThatTellsWhenItBegan_ReadBack_IsEqual_AndOthersSayNothingOfIt()
    {
        var (told, untold) = (JournalSamples.Header() with { JournalBegan = JournalSamples.Start }, JournalSamples.Header());
        var line = Line(b => _encoder.Run(b, told));
        JournalDecoder.Run(line).JournalBegan.ShouldBe(JournalSamples.Start);
        Encoding.UTF8.GetString(line).ShouldContain($"\"mode\":\"paper\",\"began\":\"{JournalSamples.Start}\",\"instruments\"");
        Line(b => _encoder.Run(b, JournalDecoder.Run(line))).ShouldBe(line);
        JournalDecoder.Run(Line(b => _encoder.Run(b, untold))).JournalBegan.IsKnown.ShouldBeFalse();
    }

    [Fact]
    public void AnyClockRecord_ReadBack_IsEqual() => JournalGen.Stamp.Sample(reached =>
    {
        var line = Line(b => _encoder.Clock(b, reached));
        _decoder.Record(line, JournalLine.Head(line)).ShouldBe(new JournalRecord(reached));
    }, threads: 1);

    [Fact]
    public void AnyLine_IsOneLineOfValidJsonThatBeginsWithItsVersion() => Gen.Select(JournalGen.Stamp, JournalGen.Input).Sample((stamp, input) =>
    {
        var line = Line(b => _encoder.Input(b, stamp, input, InputOrigin.Outside));
        line.ShouldNotContain((byte)'\n');
        using var json = JsonDocument.Parse(line);
        json.RootElement.EnumerateObject().First().ToString().ShouldBe("\"v\":1");
        json.RootElement.EnumerateObject().Last().Name.ShouldBe("crc");
    }, threads: 1, iter: 500);

    [Fact]
    public void AnyByteChanged_TheLineIsRefused()
    {
        foreach (var input in JournalSamples.Inputs())
        {
            var line = Line(b => _encoder.Input(b, new(7, JournalSamples.Start), input, InputOrigin.Feedback));
            for (var i = 0; i < line.Length; i++)
            {
                for (var bit = 0; bit < 8; bit++)
                {
                    var damaged = line.ToArray();
                    damaged[i] ^= (byte)(1 << bit);
                    JournalLine.IsIntact(damaged).ShouldBeFalse($"byte {i}, bit {bit} of {Encoding.UTF8.GetString(line)}");
                }
            }
        }
    }

    [Fact]
    public void AnyCutLine_IsRefused()
    {
        var line = Line(b => _encoder.Input(b, new(7, JournalSamples.Start), new(JournalSamples.Fill), InputOrigin.Outside));
        for (var length = 0; length < line.Length; length++) JournalLine.IsIntact(line[..length]).ShouldBeFalse($"{length} bytes");
    }

    [Fact]
    public void KnownBytes_HaveTheChecksumOfRfc3720() =>
        // RFC 3720 B.4: 32 bytes of zeros; and the customary check value of "123456789".
        (Crc32C.Of(new byte[32]), Crc32C.Of("123456789"u8)).ShouldBe((0x8A9136AAu, 0xE3069283u));

    [Fact]
    public void EqualAmounts_GiveEqualBytes()
    {
        var one = Line(b => _encoder.Decision(b, new(1, new(1, null, JournalSamples.Start), new HedgeIntent(Side.Buy, 1.5m, 0, ""))));
        Line(b => _encoder.Decision(b, new(1, new(1, null, JournalSamples.Start), new HedgeIntent(Side.Buy, 1.5000m, 0, "")))).ShouldBe(one);
        var fill = Line(b => _encoder.Input(b, default, new(JournalSamples.Fill with { Price = 1.5m, Fee = 0m }), InputOrigin.Outside));
        Line(b => _encoder.Input(b, default, new(JournalSamples.Fill with { Price = 1.50m, Fee = -0.000m }), InputOrigin.Outside)).ShouldBe(fill);
    }

    [Fact]
    public void AnotherCulture_GivesTheSameBytes()
    {
        var expected = AllLines();
        var before = CultureInfo.CurrentCulture;
        var odd = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        odd.NumberFormat = new() { NumberDecimalSeparator = ",", NegativeSign = "~", NumberGroupSeparator = ".", NaNSymbol = "nn",
            PositiveInfinitySymbol = "oo" };
        odd.DateTimeFormat.TimeSeparator = "h";
        odd.DateTimeFormat.DateSeparator = "/";
        CultureInfo.CurrentCulture = odd;
        try
        {
            AllLines().ShouldBe(expected);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void EveryControlMessageOfCore_HasAName() =>
        JournalJson.ControlTypes.OrderBy(t => t.Name).ShouldBe(
            typeof(ControlMessage).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(ControlMessage))).OrderBy(t => t.Name));

    [Fact]
    public void EveryControlMessageAndDecision_IsAmongTheSamples()
    {
        JournalSamples.Controls.Concat(JournalSamples.LaterControls).Select(c => c.GetType()).ShouldBe(JournalJson.ControlTypes, ignoreOrder: true);
        JournalSamples.DecisionBodies.Select(DecisionBodies.KindOf).ShouldBe(Enum.GetValues<JournalKind>().Where(k => k >= JournalKind.Quote));
    }

    [Fact]
    public void SchemaVersionTwo_IsRefusedByName() =>
        Should.Throw<JournalException>(() =>
            JournalLine.Head(Sealed("{\"v\":2,\"kind\":\"clock\",\"seq\":1,\"at\":\"2024-08-08T00:00:00.0000000Z\"")))
            .ShouldSatisfyAllConditions(
                e => e.Fault.ShouldBe(JournalFault.UnknownVersion),
                e => e.Message.ShouldBe("written in schema version 2: this code knows version 1"));

    [Theory]
    [InlineData("{\"v\":1,\"kind\":\"swap\",\"seq\":1", "unknown kind 'swap'")]
    [InlineData("{\"v\":1,\"kind\":\"trade\",\"at\":1", "expected member 'seq', found 'at'")]
    [InlineData("{\"kind\":\"trade\",\"v\":1", "expected member 'v', found 'kind'")]
    public void HeadThatIsNotUnderstood_IsNamed(string line, string message) =>
        Should.Throw<JournalException>(() => JournalLine.Head(Sealed(line))).Message.ShouldBe(message);

    [Theory]
    [InlineData("\"trade\",\"seq\":1,\"at\":\"2024-08-08T00:00:00.0000000Z\",\"ins\":\"okx:BTC-USDT\"", "unknown instrument 'okx:BTC-USDT'")]
    [InlineData("\"control\",\"seq\":1,\"at\":\"2024-08-08T00:00:00.0000000Z\",\"msg\":{\"type\":\"split\"}", "'split'")]
    [InlineData("\"control\",\"seq\":1,\"at\":\"2024-08-08T00:00:00.0000000Z\",\"msg\":{\"type\":\"gasPrice\",\"tonPerSwap\":1}", "'venueTime'")]
    [InlineData("\"clock\",\"seq\":1,\"at\":\"2024-08-08T00:00:00.0000000Z\",\"more\":1", "expected member 'crc', found 'more'")]
    public void RecordThatIsNotUnderstood_IsNamed(string rest, string message)
    {
        var line = Sealed("{\"v\":1,\"kind\":" + rest);
        var refused = Should.Throw<JournalException>(() => _decoder.Record(line, JournalLine.Head(line)));
        refused.Fault.ShouldBe(JournalFault.Corrupt);
        refused.Message.ShouldContain(message);
    }

    [Fact]
    public void RecordThatCannotBeWritten_LeavesNoTrace()
    {
        _encoder.Clock(_buffer, new(1, JournalSamples.Start));
        var before = _buffer.Written.ToArray();
        Should.Throw<IndexOutOfRangeException>(() =>
            _encoder.Input(_buffer, default, new(JournalSamples.Trade with { Instrument = new(9) }), InputOrigin.Outside));
        Should.Throw<ArgumentException>(() => _encoder.Decision(_buffer, new(1, default, "a text")));
        Should.Throw<ArgumentException>(() => _encoder.Run(_buffer, JournalSamples.Header() with { State = "{\n}"u8.ToArray() }));
        Should.Throw<ArgumentException>(() => _encoder.Run(_buffer, JournalSamples.Header() with { State = "{\"a\":"u8.ToArray() }));
        _buffer.Written.ToArray().ShouldBe(before);
        _encoder.Clock(_buffer, new(1, JournalSamples.Start));
        _buffer.Written.ToArray().ShouldBe([.. before, .. before]);
    }

    [Fact]
    public void TextThatIsNotUtf16_IsReplaced()
    {
        var line = Line(b => _encoder.Input(b, new(1, JournalSamples.Start), new(new Rejected("v", "r", "a\ud800b")), InputOrigin.Outside));
        var rejected = (Rejected)_decoder.Record(line, JournalLine.Head(line)).Input.Control;
        rejected.Raw.ShouldBe("a\ufffdb");
        line = Line(b => _encoder.Decision(b, new(1, new(1, null, JournalSamples.Start), new Alert(AlertLevel.Warning, "s", "a\ud800b"))));
        ((Alert)_decoder.Decision(line, JournalLine.Head(line)).Body).Text.ShouldBe("a\ufffdb");
    }

    [Fact]
    public void MarketData_IsWrittenWithoutAllocation()
    {
        Input[] inputs = [new(JournalSamples.Book(20)), new(JournalSamples.Top), new(JournalSamples.Trade)];
        Allocations.PerItem(i =>
        {
            _buffer.Clear();
            _encoder.Input(_buffer, new(i + 1, JournalSamples.Start), inputs[i % 3], InputOrigin.Outside);
            _encoder.Clock(_buffer, new(i + 1, JournalSamples.Start));
        }).ShouldBe(0);
    }

    [Fact]
    public void DecisionsOfTheHotPath_AreWrittenWithoutAllocation()
    {
        var decisions = JournalSamples.DecisionBodies.Where(body => DecisionBodies.KindOf(body) < JournalKind.Inventory).Select((body, i) => new Decision(i + 1, new(1, "refresh", JournalSamples.Start), body))
            .ToArray();
        Allocations.PerItem(i =>
        {
            _buffer.Clear();
            _encoder.Decision(_buffer, decisions[i % decisions.Length]);
        }).ShouldBe(0);
    }

    [Fact]
    public void MarketData_IsReadWithoutAllocation()
    {
        var lines = new Input[] { new(JournalSamples.Book(20)), new(JournalSamples.Top), new(JournalSamples.Trade) }
            .Select(input => Line(b => _encoder.Input(b, new(1, JournalSamples.Start), input, InputOrigin.Outside))).ToArray();
        Allocations.PerItem(i => _decoder.Record(lines[i % 3], JournalLine.Head(lines[i % 3]))).ShouldBe(0);
    }

    private byte[] Line(Action<JournalBuffer> write)
    {
        _buffer.Clear();
        write(_buffer);
        _buffer.Written[^1].ShouldBe((byte)'\n');
        return _buffer.Written[..^1].ToArray();
    }

    private byte[] AllLines()
    {
        _buffer.Clear();
        _encoder.Run(_buffer, JournalSamples.Header());
        foreach (var input in JournalSamples.Inputs()) _encoder.Input(_buffer, new(1, JournalSamples.Start), input, InputOrigin.Outside);
        foreach (var body in JournalSamples.DecisionBodies) _encoder.Decision(_buffer, new(1, new(1, "refresh", JournalSamples.Start), body));
        return _buffer.Written.ToArray();
    }

    private static byte[] Sealed(string line) => Encoding.UTF8.GetBytes($"{line},\"crc\":\"{Crc32C.Of(Encoding.UTF8.GetBytes(line)):x8}\"}}");
}
