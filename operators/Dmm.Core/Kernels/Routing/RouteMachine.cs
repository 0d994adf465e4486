using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>
/// The rules of legs, as a function of the state and of what is there: at most one trade, in it at most one order whose end is not known, and a
/// further one only for what is certainly open. README.md beside this file draws the states.
/// </summary>
public static class RouteMachine
{
    /// <summary>Time that quotes are given to leave the way of a first leg.</summary>
    public static readonly TimeSpan ClearWithin = TimeSpan.FromSeconds(2);

    private const string Subject = "router";
    private const int DoublingsMax = 5;

    /// <summary>Acts once. Whatever is awaited brings it here again, by its event or by <see cref="NextDue"/>.</summary>
    public static RouteStep Act(RouterState state, RouteSituation now)
    {
        var step = new RouteStep(TakeStrays(state, now.Now), [], []);
        if (step.State.Trade is { } trade) step = Continue(step, trade, now);
        else if (now.MayBegin && now.Now >= state.StandsOffUntil) step = Begin(step, now);
        return step;
    }

    /// <summary>When it has to act though nothing happens; none while nothing is awaited.</summary>
    public static Timestamp NextDue(RouterState state, RouterParameters parameters)
    {
        // A state that was captured after an event, and before the router acted on it, acts at once.
        if (state.Trade is not { } trade) return state.Strays.IsEmpty ? Timestamp.None : state.Strays[0].EndedAt;
        if (trade.OpenLeg is not { } open) return trade.WaitsUntil.IsKnown ? trade.WaitsUntil : trade.BegunAt;
        var patience = open.IsCancelAsked ? Timestamp.None : open.SentAt + parameters.LegPatience;
        var alert = trade.ExposedAt.IsKnown && !trade.IsAlertGiven ? trade.ExposedAt + parameters.UnhedgedMax : Timestamp.None;
        return !patience.IsKnown ? alert : !alert.IsKnown || patience < alert ? patience : alert;
    }

    private static RouterState TakeStrays(RouterState state, Timestamp now)
    {
        if (state.Strays is not [var first, ..] strays || state.Trade is { Kind: RouteKind.Hedge }) return state;
        var trade = state.Trade ?? new RouteTrade
        {
            Number = state.Trades + 1, Kind = RouteKind.Arbitrage, First = first.Instrument, FirstSide = first.Side, Second = first.Instrument,
            SecondTicks = 0, BegunAt = now, Next = RoutePurpose.Unwind,
        };
        trade = RouteLegs.Exposed(trade with { Legs = trade.Legs.InsertRange(0, strays) }, now);
        return state with { Trade = trade, Trades = Math.Max(state.Trades, trade.Number), Strays = [] };
    }

    private static RouteStep Begin(RouteStep step, RouteSituation now)
    {
        if (RouteFinder.Find(now) is { } found && !MeetsOurs(found, now)) return Open(step, found, step.State.Trades + 1, now);
        if (!now.HasQuotes || RouteFinder.Find(now.WithoutQuotes()) is not { } hindered) return step;
        var trade = Trade(hindered, step.State.Trades + 1, now) with { IsClearing = true, WaitsUntil = now.Now + now.Parameters.RetryAfter };
        return step with { State = step.State with { Trade = trade, Trades = trade.Number } };
    }

    private static RouteStep Continue(RouteStep step, RouteTrade trade, RouteSituation now)
    {
        if (trade.OpenLeg is { } open)
        {
            // What the order stage no longer has has ended, whoever was told of it.
            if (now.Live.Find(open.ClientOrderId) is { } live) return Await(step, trade, open, live, now);
            trade = trade with { Legs = trade.Legs.SetItem(trade.Legs.Length - 1, open with { EndedAt = now.Now }) };
        }

        if (trade.Legs.IsEmpty) return BeginCleared(step, trade, now);
        if (trade.Kind == RouteKind.Hedge)
            return End(step, trade, trade.Change == 0 ? RouteResult.Missed : RouteResult.Done, trade.Change == 0 ? "nothing to take" : "", now);
        if (RouteClosing.IsTooSmall(trade.Exposure, trade, now)) return Closed(step, trade, now);
        return now.Now < trade.WaitsUntil ? step.Keep(trade) : Close(step, Forced(trade, now), now);
    }

    /// <summary>A leg is on its way: nothing else may be sent until its end is known.</summary>
    private static RouteStep Await(RouteStep step, RouteTrade trade, RouteLeg open, LiveOrder live, RouteSituation now)
    {
        if (trade.ExposedAt.IsKnown && !trade.IsAlertGiven && now.Now - trade.ExposedAt >= now.Parameters.UnhedgedMax)
        {
            trade = trade with { IsAlertGiven = true };
            step = step.Tell(new Alert(AlertLevel.Critical, Subject, Text(
                $"trade {trade.Number}: what became of leg {open.ClientOrderId} is not known, {trade.Exposure} is open, {open.Open} more may be")));
        }

        var isDue = now.Now - open.SentAt >= now.Parameters.LegPatience && (!open.IsCancelAsked || live.IsCancelRefused);
        if (!isDue) return step.Keep(trade);
        trade = trade with { Legs = trade.Legs.SetItem(trade.Legs.Length - 1, open with { IsCancelAsked = true }) };
        var cancel = Order(OrderIntentKind.Cancel, open.ClientOrderId, open.Instrument, open.Side, live.PriceTicks, live.RemainingLots);
        return step.Keep(trade) with { Orders = [cancel] };
    }

    private static RouteStep BeginCleared(RouteStep step, RouteTrade trade, RouteSituation now)
    {
        if (!now.MayBegin || RouteFinder.Find(now.WithoutQuotes()) is null)
            return End(step, trade, RouteResult.Missed, "it went while quotes made way", now);
        if (RouteFinder.Find(now) is { } found && !MeetsOurs(found, now) && !now.HasQuotes) return Open(step, found, trade.Number, now);
        return now.Now - trade.BegunAt < ClearWithin
            ? step.Keep(trade with { WaitsUntil = now.Now + now.Parameters.RetryAfter })
            : End(step, trade, RouteResult.Missed, "quotes did not make way", now);
    }

    private static RouteStep Open(RouteStep step, RouteOpportunity found, long number, RouteSituation now)
    {
        var trade = Trade(found, number, now);
        var isHedge = found.Kind == RouteKind.Hedge;
        step = step.Tell(new RouteIntent
        {
            Trade = number, Kind = found.Kind, Quantity = found.Quantity,
            Buy = isHedge && found.FirstSide == Side.Sell ? null : found.Buy.Instrument.Id,
            Sell = isHedge && found.FirstSide == Side.Buy ? null : found.Sell.Instrument.Id,
            InventoryRatio = Quantised.Bps(now.InventoryLimits.RatioOf(now.Inventory)), Terms = found.Terms,
        });
        var market = now[trade.First];
        return Send(step, trade, RoutePurpose.First, market, found.FirstSide, market.Lots(found.Quantity),
            found.FirstSide == Side.Buy ? found.BuyTicks : found.SellTicks, now);
    }

    /// <summary>Time and size set bounds to patience.</summary>
    private static RouteTrade Forced(RouteTrade trade, RouteSituation now) => trade.Next != RoutePurpose.Unwind
        && (now.Now - trade.ExposedAt >= now.Parameters.UnhedgedMax
            || Math.Abs(trade.Exposure) * (decimal)now.FairValue > now.Parameters.UnhedgedNotionalMax)
        ? trade with { Next = RoutePurpose.Unwind, Tries = 0 }
        : trade;

    private static RouteStep Close(RouteStep step, RouteTrade trade, RouteSituation now)
    {
        for (; ; trade = trade with { Next = trade.Next + 1, Tries = 0 })
        {
            var isLast = trade.Next == RoutePurpose.Unwind;
            if (trade.Tries >= TriesMax(trade.Next, now.Parameters))
            {
                if (isLast) return End(step, trade, RouteResult.LeftOpen, Text($"not closed by {trade.Tries} tries to unwind"), now);
                continue;
            }

            var order = RouteClosing.Choose(trade, trade.Next, trade.Tries, now, out var isBlocked);
            if (order is { } closing)
            {
                var side = trade.Exposure > 0 ? Side.Sell : Side.Buy;
                var sent = trade with { Tries = trade.Tries + 1, StuckAt = Timestamp.None };
                return Send(step, sent, trade.Next, closing.Market, side, closing.Lots, closing.PriceTicks, now);
            }

            // What our own quotes hinder waits for them, and nobody is hindered for ever: the next purpose has other markets.
            if (!isBlocked && !isLast) continue;
            var stuck = trade with
            {
                IsClearing = trade.IsClearing || isBlocked, StuckAt = trade.StuckAt.IsKnown ? trade.StuckAt : now.Now,
                WaitsUntil = now.Now + now.Parameters.RetryAfter,
            };
            if (now.Now - stuck.StuckAt < 2 * now.Parameters.UnhedgedMax) return step.Keep(stuck);
            if (isLast) return End(step, stuck, RouteResult.LeftOpen, "no market may be used to close it", now);
        }
    }

    private static int TriesMax(RoutePurpose purpose, RouterParameters parameters) => purpose switch
    {
        RoutePurpose.Second => parameters.SecondLegTries,
        RoutePurpose.Reroute => 1,
        RoutePurpose.Unwind => parameters.UnwindTries,
        _ => 0,
    };

    private static RouteStep Send(
        RouteStep step, RouteTrade trade, RoutePurpose purpose, RouteMarket market, Side side, long lots, long priceTicks, RouteSituation now)
    {
        var id = now.Ids.Next().Current;
        step = step.Tell(new RouteLegSent
        {
            Trade = trade.Number, Purpose = purpose, Instrument = market.Instrument.Id, Side = side, ClientOrderId = id,
            Quantity = market.Quantity(lots).Canonical(), Price = market.Instrument.Prices.ToDecimal(priceTicks),
            Exposure = trade.Exposure.Canonical(),
        });
        var leg = new RouteLeg
        {
            ClientOrderId = id, Instrument = market.Instrument.Id, Side = side, Purpose = purpose, SizeLots = lots, RemainingLots = lots,
            Size = market.Quantity(lots), SentAt = now.Now,
        };
        // What falls short of a leg that closes is tried again a little later; what the first leaves open is closed at once.
        var waits = purpose == RoutePurpose.First ? Timestamp.None : now.Now + now.Parameters.RetryAfter;
        trade = trade with { Legs = trade.Legs.Add(leg), WaitsUntil = waits };
        return step.Keep(trade) with { Orders = [Order(OrderIntentKind.Place, id, market.Instrument.Id, side, priceTicks, lots)] };
    }

    private static RouteStep Closed(RouteStep step, RouteTrade trade, RouteSituation now)
    {
        var isMissed = trade.Legs.All(l => l.Traded == 0);
        var isMeant = trade.Legs.All(l => l.Traded == 0 || l.Purpose <= RoutePurpose.Second) && trade.Legs[0].Purpose == RoutePurpose.First
            && (isMissed || trade.Next <= RoutePurpose.Second);
        return End(step, trade, isMissed ? RouteResult.Missed : isMeant ? RouteResult.Done : RouteResult.Unwound,
            isMissed ? "the first leg filled nothing" : isMeant ? "" : "closed elsewhere than meant", now);
    }

    private static RouteStep End(RouteStep step, RouteTrade trade, RouteResult result, string reason, RouteSituation now)
    {
        var (state, p) = (step.State, now.Parameters);
        var failures = result switch { RouteResult.Done => 0, RouteResult.Missed => state.Failures, _ => state.Failures + 1 };
        var misses = result == RouteResult.Missed ? state.Misses + 1 : 0;
        var rest = result switch
        {
            RouteResult.Done => p.Pause,
            RouteResult.Missed => p.Pause * (1 << Math.Min(misses - 1, DoublingsMax)),
            _ => p.CoolDown * (1 << Math.Min(failures - 1, DoublingsMax)),
        };
        var ended = state.Ended.AddRange(trade.Legs.Select(l => new EndedLeg(trade.Kind, l)));
        step = step.Tell(RouteOutcomes.Of(trade, result, reason, now));
        if (result >= RouteResult.Unwound)
        {
            var level = result == RouteResult.LeftOpen ? AlertLevel.Critical : AlertLevel.Warning;
            step = step.Tell(new Alert(level, Subject, Text(
                $"trade {trade.Number}: {reason}; {trade.Exposure} is left to inventory, no trade for {rest.TotalSeconds} s")));
        }

        return step with
        {
            State = state with
            {
                Trade = null, Failures = failures, Misses = misses, StandsOffUntil = now.Now + rest,
                Ended = ended.Length > RouterState.EndedMax ? ended[^RouterState.EndedMax..] : ended,
            },
        };
    }

    private static RouteTrade Trade(RouteOpportunity found, long number, RouteSituation now)
    {
        var (first, second) = found.FirstSide == Side.Buy ? (found.Buy, found.Sell) : (found.Sell, found.Buy);
        return new()
        {
            Number = number, Kind = found.Kind, First = first.Instrument.Id, FirstSide = found.FirstSide, Second = second.Instrument.Id,
            SecondTicks = found.FirstSide == Side.Buy ? found.SellTicks : found.BuyTicks, BegunAt = now.Now, Next = RoutePurpose.Second,
        };
    }

    private static bool MeetsOurs(RouteOpportunity found, RouteSituation now) => found.FirstSide == Side.Buy
        ? now.MeetsOurs(found.Buy.Instrument.Id, Side.Buy, found.BuyTicks)
        : now.MeetsOurs(found.Sell.Instrument.Id, Side.Sell, found.SellTicks);

    private static OrderIntent Order(OrderIntentKind kind, string id, InstrumentId instrument, Side side, long priceTicks, long lots) => new()
    {
        Kind = kind, Instrument = instrument, ClientOrderId = id, Side = side, PriceTicks = priceTicks, SizeLots = lots, IsPostOnly = false,
        TimeInForce = TimeInForce.ImmediateOrCancel,
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
