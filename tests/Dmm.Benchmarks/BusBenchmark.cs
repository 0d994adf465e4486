using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Sources.Bus;
using Dmm.Wire.Bus;
using Dmm.Wire.Journal;

namespace Dmm.Benchmarks;

/// <summary>What a message of the bus costs to write, to read, and to merge with that of a second collector; brokers are not part of it.</summary>
internal static class BusBenchmark
{
    public static void Run(Market market)
    {
        Report.Title("bus: message written, read, merged");
        var inputs = market.Frames.Inputs().Where(i => BusEncoder.KindOf(i.Input) is not null).ToArray();
        var bodies = Written(market, inputs);
        var bytes = bodies.Sum(body => (long)body.Length);
        Report.Figure("message", (double)bytes / bodies.Length, "B");
        var measured = Measured.Of(() => (Encoder: new BusEncoder(market.Instruments), Buffer: new JournalBuffer()), with =>
        {
            foreach (ref readonly var item in inputs.AsSpan())
            {
                with.Buffer.Clear();
                with.Encoder.Input(with.Buffer, item.Input);
            }
        });
        Report.Throughput("written", measured, inputs.Length, "messages");
        Report.Figure("allocated to write", measured.BytesPerItem(inputs.Length), "B/message");
        measured = Measured.Of(() => new BusDecoder(market.Instruments), decoder =>
        {
            foreach (var body in bodies) decoder.Read(body);
        });
        Report.Throughput("read", measured, bodies.Length, "messages");
        Report.Figure("allocated to read", measured.BytesPerItem(bodies.Length), "B/message");
        Merge(market, inputs);
    }

    private static void Merge(Market market, (Timestamp At, Input Input)[] inputs)
    {
        var messages = inputs.Select(i => new MarketMessage { Kind = BusEncoder.KindOf(i.Input)!.Value, Input = i.Input }).ToArray();
        var listed = new BusListing(market.Instrument.Venue, market.Instrument.BaseAsset, market.Instruments.All);
        var listing = new MarketMessage { Kind = BusKind.Instruments, Listing = listed };
        var measured = Measured.Of(() => Listed(market, listing, inputs[0].At), data =>
        {
            for (var i = 0; i < messages.Length; i++)
            {
                data.Take("one", messages[i], inputs[i].At);
                data.Take("two", messages[i], inputs[i].At);
            }
        });
        Report.Throughput("merged, of two collectors", measured, 2 * messages.Length, "messages");
        Report.Figure("allocated to merge", measured.BytesPerItem(2 * messages.Length), "B/message");
    }

    private static BusMarketData Listed(Market market, in MarketMessage listing, Timestamp start)
    {
        var data = new BusMarketData(market.Instruments, start);
        data.Take("one", listing, start);
        data.Take("two", listing, start);
        return data;
    }

    private static byte[][] Written(Market market, (Timestamp At, Input Input)[] inputs)
    {
        using var encoder = new BusEncoder(market.Instruments);
        var buffer = new JournalBuffer();
        return
        [
            .. inputs.Select(item =>
            {
                buffer.Clear();
                encoder.Input(buffer, item.Input);
                return buffer.Written.ToArray();
            }),
        ];
    }
}
