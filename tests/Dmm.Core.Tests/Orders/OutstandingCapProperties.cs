using System.Collections.Immutable;
using CsCheck;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Tests.Kernels;

namespace Dmm.Core.Tests.Orders;

/// <summary>
/// Ladders that come and go against a venue that takes its time: requests arrive late, in the order of their sending, or not at all; answers come late and
/// twice, ends before what led to them, orders in any order; it fills, refuses to amend and to cancel, and loses. Whatever it does, what may be
/// outstanding there stays within the cap.
/// </summary>
public sealed class OutstandingCapProperties
{
    private const decimal Cap = 0.05m;

    private static readonly InstrumentId Market = new(0);

    private static readonly Gen<QuoteLevel[]> Bids = Gen.Select(Gen.Long[88, 104], Gen.Long[1, 20], (price, size) => new QuoteLevel(price, size)).Array[0, 4];

    private static readonly Gen<QuoteLevel[]> Asks = Gen.Select(Gen.Long[96, 112], Gen.Long[1, 20], (price, size) => new QuoteLevel(price, size)).Array[0, 4];

    private static readonly Gen<(int What, int Which, QuoteLevel[] Bids, QuoteLevel[] Asks)> Steps = Gen.Select(Gen.Int[0, 11], Gen.Int[0, 50], Bids, Asks);

    [Fact]
    public void WhateverTheVenueDoes_OutstandingNotionalStaysWithinTheCapAndOwnOrdersNeverCross() => Steps.Array[10, 120].Sample(
        steps =>
        {
            var desk = new Race();
            foreach (var (what, which, bids, asks) in steps)
            {
                desk.Step(what, which, Target(bids, asks));
                foreach (var side in Enum.GetValues<Side>())
                {
                    desk.Believed(side).ShouldBeLessThanOrEqualTo(Cap);
                    desk.AtVenue(side).ShouldBeLessThanOrEqualTo(Cap);
                }

                desk.HighestBidAtVenue.ShouldBeLessThan(desk.LowestAskAtVenue);
                desk.VenueOrdersWeDoNotCount.ShouldBeEmpty();
            }
        },
        iter: 3_000);

    private static QuoteTarget Target(QuoteLevel[] bids, QuoteLevel[] asks)
    {
        // A ladder as the kernel makes it: within the cap by itself, bids below asks.
        var lowestAsk = asks.Length == 0 ? long.MaxValue : asks.Min(l => l.PriceTicks);
        return new()
        {
            Instrument = Market, FairValue = 100, State = TradingState.Active, Terms = default, Withheld = "",
            Bids = Capped(bids.Where(l => l.PriceTicks < lowestAsk).OrderByDescending(l => l.PriceTicks)), Asks = Capped(asks.OrderBy(l => l.PriceTicks)),
        };
    }

    private static ImmutableArray<QuoteLevel> Capped(IEnumerable<QuoteLevel> levels)
    {
        var left = Cap;
        return [.. levels.TakeWhile(l => (left -= QuoteSetting.Cex.Notional(l.SizeLots, l.PriceTicks)) >= 0)];
    }

    /// <summary>The desk's belief and the venue's truth, with what is on its way between them.</summary>
    private sealed class Race
    {
        private static readonly OrderParameters Tolerance = new() { PriceToleranceBps = 100, SizeTolerance = 0.1 };

        private readonly Queue<OrderIntent> _requests = [];
        private readonly List<OrderUpdate> _answers = [];
        private readonly SortedDictionary<string, OrderUpdate> _toldLast = new(StringComparer.Ordinal);
        private readonly SortedDictionary<string, (Side Side, long Price, long Lots)> _resting = new(StringComparer.Ordinal);
        private LiveOrdersState _live = LiveOrdersState.Empty;
        private OrderIdState _ids = OrderIdState.Fresh("t", 0);
        private Timestamp _now = Timestamp.Parse("2024-08-08T00:00:00Z");

        public long HighestBidAtVenue => _resting.Values.Where(o => o.Side == Side.Buy).Select(o => o.Price).DefaultIfEmpty(0).Max();

        public long LowestAskAtVenue => _resting.Values.Where(o => o.Side == Side.Sell).Select(o => o.Price).DefaultIfEmpty(long.MaxValue).Min();

        public IEnumerable<string> VenueOrdersWeDoNotCount => _resting.Keys.Where(id => _live.Find(id) is null);

        public decimal Believed(Side side) => _live.Orders.Where(o => o.Side == side).Sum(o => OrderExposure.Notional(o, QuoteSetting.Cex));

        public decimal AtVenue(Side side) => _resting.Values.Where(o => o.Side == side).Sum(o => QuoteSetting.Cex.Notional(o.Lots, o.Price));

        public void Step(int what, int which, QuoteTarget target)
        {
            _now += TimeSpan.FromSeconds(1);
            switch (what)
            {
                case <= 2: Quote(target); break;
                case <= 5: Arrive(isRefused: false); break;
                case 6: Arrive(isRefused: true); break;
                case 7: Lose(); break;
                case 8: Fill(which); break;
                case 9: Hear(which, again: true); break;
                default: Hear(which, again: false); break;
            }
        }

        private void Quote(QuoteTarget target)
        {
            _live = LiveOrders.Expire(_live, _now, Tolerance.PlacementExpiry);
            var room = new SideRoom(Cap, 1_000_000);
            (var intents, _ids, _) = OrderDifference.Between(target, _live, _ids, Tolerance, new()
            {
                Instrument = QuoteSetting.Cex, QuoteAssetRate = 1, Buys = room, Sells = room, Now = _now, AgeMax = TimeSpan.FromSeconds(40),
            });
            foreach (var intent in intents)
            {
                _live = LiveOrders.Step(_live, intent, _now, 0);
                _requests.Enqueue(intent);
            }
        }

        private void Arrive(bool isRefused)
        {
            if (!_requests.TryDequeue(out var intent)) return;
            var id = intent.ClientOrderId;
            if (intent.Kind == OrderIntentKind.Place)
            {
                if (!isRefused) _resting[id] = (intent.Side, intent.PriceTicks, intent.SizeLots);
                Answer(intent, isRefused ? OrderStatus.Rejected : OrderStatus.Live, isRefused ? "no" : "");
            }
            else if (_resting.TryGetValue(id, out var order))
            {
                if (!isRefused && intent.Kind == OrderIntentKind.Cancel) _resting.Remove(id);
                if (!isRefused && intent.Kind == OrderIntentKind.Amend) _resting[id] = order with { Price = intent.PriceTicks, Lots = Math.Min(order.Lots, intent.SizeLots) };
                Answer(intent, !isRefused && intent.Kind == OrderIntentKind.Cancel ? OrderStatus.Cancelled : OrderStatus.Live, isRefused ? "no" : "");
            }
        }

        /// <summary>A request without an answer: it took effect or not, and an adapter says no more than that it does not know.</summary>
        private void Lose()
        {
            if (!_requests.TryDequeue(out var intent)) return;
            if (intent.Kind == OrderIntentKind.Place) _resting[intent.ClientOrderId] = (intent.Side, intent.PriceTicks, intent.SizeLots);
            Answer(intent, OrderStatus.PendingUnknown, "timeout");
        }

        private void Fill(int which)
        {
            if (_resting.Count == 0) return;
            var (id, order) = _resting.ElementAt(which % _resting.Count);
            var left = order.Lots - 1 - which % 3;
            if (left > 0) _resting[id] = order with { Lots = left };
            else _resting.Remove(id);
            _answers.Add(Update(id, order.Side, left > 0 ? OrderStatus.PartiallyFilled : OrderStatus.Filled, order.Price, Math.Max(left, 0), ""));
        }

        /// <summary>An answer reaches us: of any order, the oldest or its end. Told again it is the last heard of its order, but for refusals.</summary>
        private void Hear(int which, bool again)
        {
            if (again && _toldLast.Count > 0)
            {
                _live = LiveOrders.Step(_live, _toldLast.ElementAt(which % _toldLast.Count).Value);
            }
            else if (!again && _answers.Count > 0)
            {
                var update = _answers[which % _answers.Count];
                if (update.Status < OrderStatus.Filled) update = _answers.First(a => a.ClientOrderId == update.ClientOrderId);
                _answers.Remove(update);
                if (update.Reason.Length == 0) _toldLast[update.ClientOrderId] = update;
                _live = LiveOrders.Step(_live, update);
            }
        }

        private void Answer(OrderIntent intent, OrderStatus status, string reason)
        {
            var (price, lots) = _resting.TryGetValue(intent.ClientOrderId, out var order) ? (order.Price, order.Lots) : (intent.PriceTicks, 0);
            _answers.Add(Update(intent.ClientOrderId, intent.Side, status, price, lots, reason));
        }

        private static OrderUpdate Update(string id, Side side, OrderStatus status, long price, long lots, string reason) => new()
        {
            Instrument = Market, ClientOrderId = id, Status = status, Side = side, PriceTicks = price, RemainingLots = lots, Reason = reason,
        };
    }
}
