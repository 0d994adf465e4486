using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>
/// A venue that fails as real ones do: a <see cref="SimulatedExchange"/>, which is sound, behind requests, a private stream and a public feed that
/// are not. Requests are in <see cref="VenueRequests"/>.
/// </summary>
public sealed class FaultyVenue
{
    /// <summary>Orders in the account that are not ours begin so.</summary>
    internal const string ForeignPrefix = "manual";

    private static readonly TimeSpan GapNoticedAfter = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan OffsetKnownAfter = TimeSpan.FromSeconds(1);
    private static readonly VenueRules Rules = new()
    {
        OrderLatency = TimeSpan.Zero, ResponseLatency = TimeSpan.Zero, Jitter = TimeSpan.Zero, RequestsPerSecond = 0,
    };

    private readonly SimulationQueue _queue;
    private readonly FaultWeather _weather;
    private readonly InputReceiver _market;
    private readonly IVenueWatch _watch;
    private readonly PrivateMessages _private;
    private readonly Dictionary<string, string> _refusals = new(StringComparer.Ordinal);
    private TimeSpan _skew;
    private bool _isWanted;

    /// <param name="instrument">Traded here.</param>
    /// <param name="seed">Of the whole run.</param>
    /// <param name="queue">The simulation's clock and agenda.</param>
    /// <param name="weather">What goes wrong.</param>
    /// <param name="market">Takes what the public feed says.</param>
    /// <param name="watch">Sees everything.</param>
    internal FaultyVenue(
        Instrument instrument, long seed, SimulationQueue queue, FaultWeather weather, InputReceiver market, IVenueWatch watch)
    {
        (_queue, _weather, _market, _watch) = (queue, weather, market, watch);
        Exchange = new(instrument, Rules, queue, SeededRandom.For(seed, $"{instrument.Venue}/exchange"), Hear);
        _private = new(instrument.Venue, queue, weather, SeededRandom.For(seed, $"{instrument.Venue}/private"));
        Requests = new(this, queue, weather, SeededRandom.For(seed, $"{instrument.Venue}/requests"), watch);
    }

    public Instrument Instrument => Exchange.Instrument;

    /// <summary>The venue's own record of the account.</summary>
    public VenueRecord Record { get; } = new();

    /// <summary>What may be asked of the venue.</summary>
    public VenueRequests Requests { get; }

    internal SimulatedExchange Exchange { get; }

    /// <summary>Since when nothing has gone wrong here.</summary>
    internal Timestamp CalmSince => _weather.CalmSince(Instrument.Venue);

    /// <summary>A process connects to both streams; null when the process is gone.</summary>
    internal void Connect(IPrivateReceiver? receiver)
    {
        _isWanted = receiver is not null;
        _private.Connect(receiver);
        SetFeed(receiver is null ? "the process is gone" : "");
    }

    /// <summary>Orders in the account that somebody placed by hand, far from the market.</summary>
    internal void PlaceForeignOrders(double price)
    {
        for (var i = 1; i <= 2; i++)
        {
            PlaceForeign($"{ForeignPrefix}{2 * i - 1}", Side.Buy, price * (1 - 0.2 * i));
            PlaceForeign($"{ForeignPrefix}{2 * i}", Side.Sell, price * (1 + 0.2 * i));
        }
    }

    /// <summary>A fault of this venue begins or ends.</summary>
    internal void Turn(Fault fault, bool isBeginning)
    {
        switch (fault.Kind)
        {
            case FaultKind.FeedDown or FaultKind.Outage:
                SetFeed(fault.Kind.ToString());
                break;
            case FaultKind.FeedGap when isBeginning:
                Exchange.DropNextDelta();
                _queue.Schedule(_queue.Now + GapNoticedAfter, Exchange.RequestSnapshot);
                break;
            case FaultKind.SilentFeed when !isBeginning:
                Exchange.RequestSnapshot();
                break;
            case FaultKind.ClockSkew:
                SetSkew(isBeginning ? TimeSpan.FromSeconds(4 * fault.Chance - 2) : TimeSpan.Zero);
                break;
            case FaultKind.Rush when isBeginning:
                Rush();
                break;
        }
    }

    /// <summary>A taker trades a part of that order, or all of it, and whatever stands before it.</summary>
    internal void Hit(OwnOrder order, SeededRandom random)
    {
        if (Exchange.LotsAhead(order.ClientOrderId) is not { } ahead) return;
        Span<BookLevel> levels = stackalloc BookLevel[128];
        var lots = ahead + 1 + random.NextInt((int)order.RemainingLots);
        foreach (var level in levels[..Exchange.CopyLevels(order.Side, levels)])
            if (order.Side.Sign() * (level.PriceTicks - order.PriceTicks) > 0) lots += level.SizeLots;
        Exchange.Submit(order.Side == Side.Buy ? Side.Sell : Side.Buy, order.PriceTicks, lots, TimeInForce.ImmediateOrCancel);
    }

    /// <summary>Why the venue's rules refused an order; empty where they did not.</summary>
    internal string RefusalOf(string clientOrderId) => _refusals.GetValueOrDefault(clientOrderId, "");

    private void PlaceForeign(string id, Side side, double price)
    {
        var ticks = (long)(price / Instrument.Prices.StepAsDouble);
        Exchange.Orders.Place(new(id, side, ticks, Instrument.Lots(10), IsPostOnly: true, TimeInForce.GoodTillCancelled), _queue.Now);
    }

    private void SetFeed(string why)
    {
        var venue = Instrument.Venue;
        if (_isWanted && !_weather.Has(FaultKind.FeedDown, venue) && !_weather.Has(FaultKind.Outage, venue)) Exchange.Connect();
        else Exchange.Disconnect(why);
    }

    private void SetSkew(TimeSpan skew)
    {
        _skew = skew;
        _queue.Schedule(_queue.Now + OffsetKnownAfter, () => _market(new Input(new ClockOffset(Instrument.Venue, _skew))));
    }

    private void Rush()
    {
        if (_weather.StruckBy(FaultKind.Rush, Instrument.Venue) is { } random)
        {
            var ours = Exchange.OpenOrders.Where(o => !o.ClientOrderId.StartsWith(ForeignPrefix, StringComparison.Ordinal)).ToArray();
            if (ours.Length > 0) Hit(ours[random.NextInt(ours.Length)], random);
        }

        if (_weather.Has(FaultKind.Rush, Instrument.Venue)) _queue.Schedule(_queue.Now + TimeSpan.FromMilliseconds(150), Rush);
    }

    private void Hear(in Input input)
    {
        switch (input.Kind)
        {
            case InputKind.Control when input.Control is OrderUpdate { Status: OrderStatus.Rejected } refused:
                _refusals[refused.ClientOrderId] = refused.Reason;
                break;
            case InputKind.Control when input.Control is OrderUpdate order:
                _watch.OnOrder(order, hasRisen: !Record.Take(order));
                _private.Say(order);
                break;
            case InputKind.Control when input.Control is Fill fill:
                fill = fill with { VenueTime = fill.VenueTime + _skew };
                Record.Take(fill);
                _watch.OnFill(fill);
                _private.Say(fill);
                break;
            case InputKind.Control:
                _market(input);
                break;
            case InputKind.Book when !_weather.Has(FaultKind.SilentFeed, Instrument.Venue):
                _market(new Input(input.Book with { VenueTime = input.Book.VenueTime + _skew }));
                break;
            case InputKind.Trade when !_weather.Has(FaultKind.SilentFeed, Instrument.Venue):
                _market(new Input(input.Trade with { VenueTime = input.Trade.VenueTime + _skew }));
                break;
        }
    }
}
