using Dmm.Core;

namespace Dmm.Wire;

/// <summary>
/// Binance spot, USD-M and COIN-M market data: <c>depth</c>, <c>bookTicker</c> and <c>trade</c> of the combined stream
/// (<c>{"stream":…,"data":{…}}</c>) or of a raw one, of perpetuals also <c>markPrice</c> for the funding, and the REST depth snapshot. Exchange time is
/// the matching engine's (<c>T</c>) where the market gives it, else the event's (<c>E</c>); spot gives none with <c>bookTicker</c> and the snapshot.
/// Trades other than <c>MARKET</c> ones (insurance fund, deleveraging) are ignored: they do not trade against the book.
/// </summary>
/// <remarks>Source: developers.binance.com, web socket market streams of the three markets; recorded frames of 2024-08-08.</remarks>
public sealed class BinanceWire : IVenueWire
{
    private readonly BinanceFastPath _fastPath;
    private readonly BinanceGeneralPath _generalPath;

    /// <param name="venue">Name of the venue: one of the three markets, since they share symbols.</param>
    /// <param name="instruments">The instruments whose frames are expected; each must be of that venue.</param>
    /// <exception cref="ArgumentException">None is given, one is of another venue, or two share a symbol.</exception>
    public BinanceWire(string venue, IReadOnlyList<Instrument> instruments)
    {
        Venue = venue;
        Instruments = WireInstruments.Checked(venue, instruments);
        List<(string Key, WireSymbol Symbol)> symbols = [.. instruments.Select(i => (i.Symbol, Symbol(i)))];
        _fastPath = new BinanceFastPath(new SymbolTable([.. symbols.Select(s => (s.Key.ToLowerInvariant(), s.Symbol))]));
        _generalPath = new BinanceGeneralPath(venue, new SymbolTable(symbols), instruments.Count == 1 ? instruments[0] : null);
    }

    public string Venue { get; }

    public IReadOnlyList<Instrument> Instruments { get; }

    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch) =>
        TryParseFast(frame, receiveTime, batch) ? ParseStatus.Parsed : ParseGeneral(frame, receiveTime, batch);

    public ParseStatus ParseSnapshot(Instrument instrument, ReadOnlySpan<byte> body, Timestamp receiveTime, MessageBatch batch)
    {
        WireInstruments.Require(Instruments, instrument);
        batch.Clear();
        return _generalPath.ParseSnapshot(instrument, body, receiveTime, batch);
    }

    /// <summary>
    /// Parses a frame of a hot channel that follows the venue's grammar to the letter; false, with an empty batch, for anything else.
    /// </summary>
    internal bool TryParseFast(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch)
    {
        batch.Clear();
        return _fastPath.TryParse(frame, receiveTime, batch);
    }

    /// <summary>Parses any frame, and explains what is wrong with it.</summary>
    internal ParseStatus ParseGeneral(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch)
    {
        batch.Clear();
        return _generalPath.Parse(frame, receiveTime, batch);
    }

    // COIN-M books and tickers name the pair behind the symbol, trades do not: BTCUSD_PERP is a contract on the pair BTCUSD.
    private static WireSymbol Symbol(Instrument instrument) => new(
        instrument,
        literal: $",\"s\":\"{instrument.Symbol}\"",
        pairLiteral: instrument.Kind == ContractKind.Inverse ? $",\"ps\":\"{instrument.Symbol.Split('_')[0]}\"" : "");
}
