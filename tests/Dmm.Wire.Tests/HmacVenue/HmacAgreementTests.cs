using System.Buffers;
using CsCheck;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Testing;
using static Dmm.Wire.Tests.HmacVenues;

namespace Dmm.Wire.Tests;

/// <summary>What the venue writes, the span parser and the general one must both give back.</summary>
public sealed class HmacAgreementTests
{
    private static readonly Gen<Timestamp> Times = Gen.Long[1_600_000_000_000, 1_900_000_000_000].Select(Timestamp.FromUnixMilliseconds);
    private static readonly Gen<BookLevel> Levels = Gen.Select(Gen.Long[1, 99_999_999], Gen.Long[0, 999_999_999]).Select((p, s) => new BookLevel(p, s));

    private static readonly Gen<Input> Books = Gen.Select(Gen.Bool, Times, Gen.Long[0, 9_999_999_999], Gen.Long[0, 99], Levels.Array[0, 12], Gen.Int[0, 12])
        .Select((isSnapshot, at, first, more, levels, bids) => new Input(new BookUpdate
        {
            Instrument = Dct.Id, IsSnapshot = isSnapshot, VenueTime = at, ReceiveTime = Wires.Received, FirstUpdateId = first,
            LastUpdateId = isSnapshot ? first : first + more, PreviousUpdateId = -1, BidCount = Math.Min(bids, levels.Length), Levels = levels,
        }));

    private static readonly Gen<Input[]> Trades = Gen.Select(Times, Gen.Long[0, 9_999_999_999], Gen.Long[1, 99_999_999], Gen.Long[1, 999_999_999], Gen.Bool)
        .Select((at, id, price, size, isBuy) => new Input(new Trade
        {
            Instrument = HmacVenues.Ton.Id, VenueTime = at, ReceiveTime = Wires.Received, TradeId = id, PriceTicks = price, SizeLots = size,
            Aggressor = isBuy ? Side.Buy : Side.Sell,
        })).Array[1, 5];

    private static readonly Gen<Input[]> Frames = Gen.OneOf(Books.Select(b => new[] { b }), Trades);

    [Fact]
    public void WrittenByTheVenue_BothParsersGiveItBack() => Frames.Sample(messages =>
    {
        var frame = Frame(messages);
        var expected = string.Join('\n', messages.Select(m => Wires.Shown(m)).Prepend("Parsed"));
        var batch = new MessageBatch();
        OfVenue.TryParseFast(frame, Wires.Received, batch, out var fast).ShouldBeTrue();
        Wires.Shown(ParseStatus.Parsed, batch).ShouldBe(expected);
        Wires.Shown(OfVenue.ParseGeneral(frame, Wires.Received, batch, out var general), batch).ShouldBe(expected);
        general.ShouldBe(fast);
    });

    [Fact]
    public void BytesFlippedOrCutOff_NeverThrows_AndBothParsersAgree() => Gen.Select(
        Frames, Gen.Select(Gen.Int[0, 10_000], Gen.Byte).Array[1, 4], Gen.Int[0, 10_000]).Sample((messages, flips, cut) =>
    {
        var bytes = Frame(messages);
        foreach (var (at, value) in flips) bytes[at % bytes.Length] = value;
        if (cut < 5_000) bytes = bytes[..(cut % bytes.Length)];
        var general = new MessageBatch();
        var status = OfVenue.ParseGeneral(bytes, Wires.Received, general, out _);
        var batch = new MessageBatch();
        if (OfVenue.TryParseFast(bytes, Wires.Received, batch, out _)) Wires.Shown(status, general).ShouldBe(Wires.Shown(ParseStatus.Parsed, batch));
    }, iter: 20_000);

    [Fact]
    public void MarketData_AllocatesNothing()
    {
        List<byte[]> frames = [];
        Frames.Sample(messages => frames.Add(Frame(messages)), iter: 200, threads: 1);
        var wire = OfVenue;
        var batch = new MessageBatch();
        Allocations.PerItem(i => wire.Parse(frames[i % frames.Count], Wires.Received, batch, out _)).ShouldBe(0);
    }

    private static byte[] Frame(Input[] messages)
    {
        using var writer = Writer;
        var buffer = new ArrayBufferWriter<byte>();
        if (messages[0].Kind == InputKind.Book) writer.Book(messages[0].Book, buffer);
        else writer.Trades([.. messages.Select(m => m.Trade)], buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
