using System.Text.Json;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>Instrument definitions of OKX, from its <c>public/instruments</c> reply: spot, perpetual swaps and dated futures.</summary>
public static class OkxInstruments
{
    public const string Venue = "okx";

    /// <summary>The venue's names of the types that are traded here.</summary>
    public const string Spot = "SPOT", Perpetual = "SWAP", Dated = "FUTURES";

    private const string PerpetualEnding = "-SWAP";

    /// <summary>The type under which the venue lists an instrument: a perpetual's symbol says so.</summary>
    public static string TypeOf(Instrument instrument) =>
        instrument.Kind == ContractKind.Spot ? Spot : instrument.Symbol.EndsWith(PerpetualEnding, StringComparison.Ordinal) ? Perpetual : Dated;

    /// <summary>The types of these instruments, each once, in the order in which they are met.</summary>
    public static IEnumerable<string> Types(IEnumerable<Instrument> instruments) => instruments.Select(TypeOf).Distinct();

    /// <summary>The type to ask the venue's listing for by a symbol alone: <c>BTC-USDT</c>, <c>BTC-USDT-SWAP</c> or <c>BTC-USD-220527</c>.</summary>
    public static string TypeOf(string symbol) =>
        symbol.EndsWith(PerpetualEnding, StringComparison.Ordinal) ? Perpetual : symbol.Count(c => c == '-') == 1 ? Spot : Dated;

    /// <summary>Parses the body of <c>GET /api/v5/public/instruments</c>.</summary>
    /// <param name="reply">The body, UTF-8.</param>
    /// <param name="sequenceRule">
    /// <see cref="BookSequenceRule.PreviousId"/> for today's feed; <see cref="BookSequenceRule.ChecksumOnly"/> for recordings from before it carried
    /// <c>seqId</c>.
    /// </param>
    /// <exception cref="FormatException">The reply as a whole is not of that shape; an entry that is not (options among them), or whose market is not
    /// live, becomes a fault of the listing.</exception>
    public static InstrumentListing Parse(ReadOnlyMemory<byte> reply, BookSequenceRule sequenceRule) =>
        InstrumentListing.Parse(Venue, reply, "data", "instId", (entry, id) => Read(entry, id, sequenceRule));

    private static Instrument Read(JsonElement entry, InstrumentId id, BookSequenceRule sequenceRule)
    {
        var kind = Kind(entry);
        var state = InstrumentListing.Text(entry, "state");
        if (state != "live") throw new FormatException($"state is '{state}': expected live");
        var isSpot = kind == ContractKind.Spot;
        // A contract names no base and quote: its underlying does, as in BTC-USD; ctMult is a factor on ctVal.
        var underlying = isSpot ? [] : InstrumentListing.Text(entry, "uly").Split('-');
        if (!isSpot && underlying.Length != 2)
            throw new FormatException($"uly is '{InstrumentListing.Text(entry, "uly")}': expected base and quote, as in BTC-USD");
        return new Instrument
        {
            Id = id,
            Venue = Venue,
            Symbol = InstrumentListing.Text(entry, "instId"),
            BaseAsset = isSpot ? InstrumentListing.Text(entry, "baseCcy") : underlying[0],
            QuoteAsset = isSpot ? InstrumentListing.Text(entry, "quoteCcy") : underlying[1],
            Kind = kind,
            SequenceRule = sequenceRule,
            Prices = InstrumentListing.Grid(entry, "tickSz"),
            Sizes = InstrumentListing.Grid(entry, "lotSz"),
            MinimumSize = InstrumentListing.Positive(entry, "minSz"),
            ContractSize = isSpot ? 1m : (InstrumentListing.Positive(entry, "ctVal") * InstrumentListing.Positive(entry, "ctMult")).Canonical(),
        };
    }

    private static ContractKind Kind(JsonElement entry) => InstrumentListing.Text(entry, "instType") switch
    {
        Spot => ContractKind.Spot,
        Perpetual or Dated => InstrumentListing.Text(entry, "ctType") switch
        {
            "linear" => ContractKind.Linear,
            "inverse" => ContractKind.Inverse,
            var other => throw new FormatException($"ctType is '{other}': expected linear or inverse"),
        },
        var other => throw new FormatException($"instType is '{other}': expected SPOT, SWAP or FUTURES"),
    };
}
