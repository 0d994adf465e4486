using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Scenarios;

/// <summary>Keeps the course of a scenario: what the script did, what the pipeline made of it, which expectations were met.</summary>
internal sealed class ScenarioLog(ScenarioMarket market, Timestamp zero)
{
    private readonly List<TimelineEntry> _entries = [];
    private readonly List<MidPoint> _mids = [];
    private readonly List<InventoryPoint> _inventories = [];
    private readonly double[] _lastMids = new double[market.Instruments.Count];

    /// <summary>Decisions that are in the log.</summary>
    public int DecisionsSeen { get; private set; }

    public IReadOnlyList<MidPoint> Mids => _mids;

    public IReadOnlyList<InventoryPoint> Inventories => _inventories;

    public ImmutableArray<TimelineEntry> Entries => [.. _entries];

    public void Add(Timestamp at, TimelineKind kind, string text, int line = 0)
    {
        if (at >= zero) _entries.Add(new(at - zero, kind, text, line));
    }

    public void Inventory(Timestamp at, decimal inventory) => _inventories.Add(new(at, (double)inventory));

    /// <summary>Logs what was decided since the last time, and where the mids are.</summary>
    public void Take(Timestamp at, IReadOnlyList<Decision> decisions, ImmutableArray<ScriptedFeed> feeds)
    {
        foreach (var feed in feeds)
        {
            ref var last = ref _lastMids[feed.Instrument.Id.Index];
            if (feed.Mid / feed.QuoteRate == last) continue;
            last = feed.Mid / feed.QuoteRate;
            _mids.Add(new(at, feed.Instrument.Id, last));
        }

        for (; DecisionsSeen < decisions.Count; DecisionsSeen++)
        {
            var (when, body) = (decisions[DecisionsSeen].Cause.At, decisions[DecisionsSeen].Body);
            if (body is OrderIntent) DecisionsSeen = Orders(when, decisions, DecisionsSeen) - 1;
            else if (Words(body) is { } words) Add(when, TimelineKind.Decided, words);
        }
    }

    private static string? Words(object body) => body switch
    {
        BreakerState breaker => $"breaker {breaker.Kind} on {breaker.Subject} asks for {breaker.Demand}: {breaker.Reason}",
        TradingStateChange change when change.From == change.To => $"state stays {change.To}{Multiplier(change)}",
        TradingStateChange change => $"state {change.From} → {change.To}{Multiplier(change)}",
        Alert alert => $"alert ({alert.Level}) on {alert.Subject}: {alert.Text}",
        _ => null,
    };

    private static string Multiplier(TradingStateChange change) => change.Multiplier == 1 ? "" : $", half-spread × {Say.Number(change.Multiplier)}";

    /// <summary>All order intents of one instant at one venue make one line.</summary>
    private int Orders(Timestamp at, IReadOnlyList<Decision> decisions, int from)
    {
        var instrument = ((OrderIntent)decisions[from].Body).Instrument;
        var intents = new List<OrderIntent>();
        var next = from;
        for (; next < decisions.Count && decisions[next].Cause.At == at && decisions[next].Body is OrderIntent intent
            && intent.Instrument == instrument; next++)
            intents.Add(intent);
        var parts = intents.GroupBy(i => (i.Kind, i.Side))
            .Select(group => Part(market.Instruments[instrument], group.Key.Kind, group.Key.Side, [.. group]));
        Add(at, TimelineKind.Ordered, $"{market.Instruments[instrument].Venue}: {string.Join("; ", parts)}");
        return next;
    }

    private static string Part(Instrument instrument, OrderIntentKind kind, Side side, OrderIntent[] orders)
    {
        var verb = kind switch { OrderIntentKind.Place => "place", OrderIntentKind.Amend => "amend", _ => "cancel" };
        var what = Say.Count(orders.Length, Say.Name(side));
        if (kind == OrderIntentKind.Cancel) return $"{verb} {what}";
        var prices = orders.Select(o => string.Create(CultureInfo.InvariantCulture,
            $"{instrument.Sizes.ToDecimal(o.SizeLots):0.####} @ {instrument.Prices.ToDecimal(o.PriceTicks)}"));
        return $"{verb} {what} {string.Join(", ", prices)}";
    }
}
