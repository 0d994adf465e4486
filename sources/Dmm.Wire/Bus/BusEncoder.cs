using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Wire.Journal;

namespace Dmm.Wire.Bus;

/// <summary>
/// Writes messages of the bus as JSON (README.md, member by member). Equal messages give equal bytes, whatever the culture. Each method adds one
/// message to the buffer, which the caller clears before. Writing market data allocates nothing. Single-threaded.
/// </summary>
public sealed class BusEncoder(InstrumentCatalog instruments) : IDisposable
{
    private readonly byte[][] _names = InstrumentNames.Quoted(instruments);
    private readonly Utf8JsonWriter _json = new(new JournalBuffer(0), new JsonWriterOptions { Encoder = JournalJson.Encoder });

    /// <summary>The kind under which an input travels; null for one that does not: it concerns the process that made it.</summary>
    public static BusKind? KindOf(in Input input) => input.Kind switch
    {
        InputKind.Book => BusKind.Book,
        InputKind.Top => BusKind.Top,
        InputKind.Trade => BusKind.Trade,
        _ => input.Control switch
        {
            FeedStatus => BusKind.Feed,
            ReferenceRate => BusKind.Rate,
            _ => null,
        },
    };

    /// <exception cref="ArgumentException">The input does not travel.</exception>
    public void Input(JournalBuffer message, in Input input)
    {
        switch (KindOf(input))
        {
            case BusKind.Book:
                message.Open("book"u8);
                MarketDataBodies.Write(message, _names[input.Instrument.Index], input.Book);
                break;
            case BusKind.Top:
                message.Open("top"u8);
                MarketDataBodies.Write(message, _names[input.Instrument.Index], input.Top);
                break;
            case BusKind.Trade:
                message.Open("trade"u8);
                MarketDataBodies.Write(message, _names[input.Instrument.Index], input.Trade);
                break;
            case BusKind.Feed:
                Feed(message, (FeedStatus)input.Control);
                break;
            case BusKind.Rate:
                Rate(message, (ReferenceRate)input.Control);
                break;
            default:
                throw new ArgumentException($"a {input.Control.GetType().Name} does not travel over the bus", nameof(input));
        }

        message.CloseMessage();
    }

    public void Listing(JournalBuffer message, BusListing listing)
    {
        message.Open("instruments"u8);
        message.Member("venue"u8, listing.Venue);
        message.Member("asset"u8, listing.Asset);
        message.Member("instruments"u8);
        Serialize(message, listing.Instruments);
        message.CloseMessage();
    }

    public void Heartbeat(JournalBuffer message, BusHeartbeat heartbeat)
    {
        message.Open("heartbeat"u8);
        message.Member("src"u8, heartbeat.Collector);
        message.Member("venue"u8, heartbeat.Venue);
        message.Member("asset"u8, heartbeat.Asset);
        message.Member("n"u8, heartbeat.Number);
        message.Member("at"u8, heartbeat.At);
        message.Member("state"u8, heartbeat.State);
        message.Member("books"u8);
        Serialize(message, heartbeat.Books);
        message.CloseMessage();
    }

    public void Dispose() => _json.Dispose();

    private static void Feed(JournalBuffer message, FeedStatus status)
    {
        message.Open("feed"u8);
        message.Member("venue"u8, status.Venue);
        message.Member("state"u8, status.State);
        message.Member("detail"u8, status.Detail);
    }

    private static void Rate(JournalBuffer message, ReferenceRate rate)
    {
        message.Open("rate"u8);
        message.Member("baseAsset"u8, rate.BaseAsset);
        message.Member("quoteAsset"u8, rate.QuoteAsset);
        message.Member("rate"u8, rate.Rate);
        message.Member("venueTime"u8, rate.VenueTime);
    }

    private void Serialize<T>(JournalBuffer message, T value)
    {
        _json.Reset(message);
        JsonSerializer.Serialize(_json, value, JournalJson.Header);
        _json.Flush();
    }
}
