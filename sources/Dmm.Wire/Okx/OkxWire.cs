using Dmm.Core;

namespace Dmm.Wire;

/// <summary>
/// OKX v5 market data: order books (<c>books</c>, <c>books-l2-tbt</c>, <c>books50-l2-tbt</c>) with checksum and, where sent, <c>seqId</c>;
/// <c>trades</c>; and the REST book. Tickers are ignored: they carry no update id, so that they prove nothing about the book. An update covers the
/// ids
/// behind its <c>prevSeqId</c> up to its <c>seqId</c>; without them all ids are 0. A subscription error becomes a
/// <see cref="Core.Messages.Rejected"/> with the venue's words.
/// </summary>
/// <remarks>Source: OKX API v5 documentation, order book and trades channels; recorded frames of 2022-05-13.</remarks>
public sealed class OkxWire : IVenueWire
{
    private readonly OkxFastPath _fastPath;
    private readonly OkxGeneralPath _generalPath;

    /// <param name="instruments">The instruments whose frames are expected; each must be of venue <c>okx</c>.</param>
    /// <exception cref="ArgumentException">None is given, one is of another venue, or two share a symbol.</exception>
    public OkxWire(IReadOnlyList<Instrument> instruments)
    {
        Instruments = WireInstruments.Checked(Venue, instruments);
        var symbols = new SymbolTable([.. instruments.Select(i => (i.Symbol, new WireSymbol(i, i.Symbol)))]);
        _fastPath = new OkxFastPath(symbols);
        _generalPath = new OkxGeneralPath(Venue, symbols);
    }

    public string Venue => OkxInstruments.Venue;

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
        if (_fastPath.TryParse(frame, receiveTime, batch)) return true;
        batch.Clear();
        return false;
    }

    /// <summary>Parses any frame, and explains what is wrong with it.</summary>
    internal ParseStatus ParseGeneral(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch)
    {
        batch.Clear();
        return _generalPath.Parse(frame, receiveTime, batch);
    }
}
