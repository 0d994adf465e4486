using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Pipeline.Running;
using Dmm.Sinks;
using Dmm.Sources;
using Dmm.Wire;

namespace Dmm.Pipeline.Collecting;

/// <summary>The public market data of a venue that speaks the generic HMAC protocol: all instruments that it lists when it is reached.</summary>
/// <param name="options">Checked, without credentials.</param>
/// <param name="time">The host's clock.</param>
internal sealed class HmacMarketConnection(HmacVenueOptions options, TimeProvider time) : IMarketConnection
{
    public string Name => options.Venue;

    public string Address => options.BaseUrl.ToString();

    /// <exception cref="VenueAwayException">It does not answer, not in this protocol, or lists nothing: it may be starting.</exception>
    public async Task<ImmutableArray<ListedMarket>> ListAsync(HttpClient client, CancellationToken cancellation)
    {
        var reply = await HmacVenueOrders.FetchInstrumentsAsync(client, options, time, cancellation);
        if (reply is not VenueReply<ReadOnlyMemory<byte>>.Accepted { Value: var body }) throw new VenueAwayException(reply.Fault);
        try
        {
            var listed = HmacVenueInstruments.Parse(options.Venue, body).Instruments;
            if (listed is []) throw new VenueAwayException("it lists no instrument that is traded");
            return [.. listed.Select(instrument => new ListedMarket(instrument, MakerFeeBps: 0, TakerFeeBps: 0, IsQuoted: false))];
        }
        catch (FormatException unreadable)
        {
            throw new VenueAwayException(unreadable.Message);
        }
    }

    public DeskFeed Feed(HttpClient client, IReadOnlyList<Instrument> instruments)
    {
        var wire = new HmacVenueWire(options.Venue, instruments);
        var rest = new HmacVenueOrders(client, options, wire, time);
        return (write, cancellation) => new HmacVenueFeed(options, wire, rest, lastTradeId: "", time, Random.Shared.NextDouble, write)
            .RunAsync(cancellation);
    }
}
