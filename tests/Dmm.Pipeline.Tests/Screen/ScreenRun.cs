using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Pipeline.Screen;
using Dmm.Testing;
using Dmm.Topology;
using Dmm.Topology.Engine;
using Microsoft.Reactive.Testing;

namespace Dmm.Pipeline.Tests.Screen;

/// <summary>
/// The whole topology on a script, watched by a <see cref="DeskModel"/> and by <see cref="PlainLines"/>: an order-book venue and a pool. Orders count
/// as taken the moment they are sent; fills come as the script says.
/// </summary>
internal sealed class ScreenRun : IDecisionSink, IDisposable
{
    public static readonly Timestamp Start = Timestamp.Parse("2024-08-08T00:00:00Z");

    private readonly JournaledEngine _engine;
    private readonly PlainLines _lines;
    private readonly StringWriter _text = new();
    private readonly long[] _updateIds = new long[2];
    private int _trades;

    public ScreenRun()
    {
        Instruments = new([Venue(), Pool()]);
        Parameters = QuotingParameters.Dct(
            new VenueParameters { Instrument = Instruments.All[0].Name },
            new VenueParameters { Instrument = Instruments.All[1].Name, RefreshInterval = TimeSpan.FromSeconds(2) });
        Model = new(Instruments, Parameters, new("toxic", "×10"), DeskOpening.Fresh(Start), new SchedulerTimeProvider(WallClock));
        _lines = new(Instruments, Model, _text, DeskOpening.Fresh(Start), TimeSpan.FromSeconds(60));
        _engine = new(p => new QuotingTopology(Instruments, p, OrderIdState.Fresh("t", 0), TradingMode.Shadow), Instruments, Parameters,
            EngineStart.Fresh(Start), new RunIdentity("1", "test", "none", TradingMode.Shadow), new UnrecordedJournal(), this);
    }

    public InstrumentCatalog Instruments { get; }

    public QuotingParameters Parameters { get; }

    public DeskModel Model { get; }

    public TestScheduler WallClock { get; } = new();

    public List<Decision> Decisions { get; } = [];

    public List<Input> Controls { get; } = [];

    public long InputCount { get; private set; }

    /// <summary>What the plain lines say by now.</summary>
    public string[] Lines()
    {
        _lines.Write(_engine.Time);
        return _text.ToString().TrimEnd('\n').Split('\n');
    }

    public DeskSnapshot Snapshot() => Model.Snapshot(_engine.Time);

    public void Take(double second, ControlMessage message) => _engine.Take(Start + TimeSpan.FromSeconds(second), new Input(message));

    /// <summary>Both markets repeat their books every half second.</summary>
    public void Quiet(double from, double to, long midTicks = 10_000)
    {
        for (var at = from; at < to; at += 0.5)
        {
            Take(at, new ReferenceRate("TON", "USDT", 3m, Start + TimeSpan.FromSeconds(at)));
            Book(at, 0, midTicks);
            Book(at, 1, midTicks * 10 / 3);
            _lines.Write(_engine.Time);
        }
    }

    /// <summary>Our best order of that side fills whole.</summary>
    public Fill FillBest(double second, int instrument, Side side)
    {
        var market = Snapshot().Markets[instrument];
        var order = market.Orders.Where(o => o.Side == side).MaxBy(o => side.Sign() * o.PriceTicks)!;
        var price = market.Instrument.Prices.ToDecimal(order.PriceTicks);
        var quantity = market.Instrument.Sizes.ToDecimal(order.RemainingLots);
        var fill = new Fill
        {
            Instrument = order.Instrument, TradeId = $"{++_trades}", ClientOrderId = order.ClientOrderId, Side = side, Price = price,
            Quantity = quantity, Fee = quantity * price * 0.0002m, FeeAsset = market.Instrument.QuoteAsset,
            IsMaker = true, VenueTime = Start + TimeSpan.FromSeconds(second),
        };
        Take(second, fill);
        Take(second + 0.001, new OrderUpdate
        {
            Instrument = order.Instrument, ClientOrderId = order.ClientOrderId, Status = OrderStatus.Filled, Side = side,
            PriceTicks = order.PriceTicks, RemainingLots = 0, Reason = "",
        });
        _lines.Write(_engine.Time);
        return fill;
    }

    public void Book(double second, int instrument, long midTicks)
    {
        var at = Start + TimeSpan.FromSeconds(second);
        var id = ++_updateIds[instrument];
        BookLevel[] levels =
        [
            .. Enumerable.Range(0, 10).Select(i => new BookLevel(midTicks - 1 - i, 5_000)),
            .. Enumerable.Range(0, 10).Select(i => new BookLevel(midTicks + 1 + i, 5_000)),
        ];
        _engine.Take(at, new Input(new BookUpdate
        {
            Instrument = new(instrument), IsSnapshot = true, VenueTime = at, ReceiveTime = at, FirstUpdateId = id, LastUpdateId = id,
            PreviousUpdateId = -1, BidCount = 10, Levels = levels,
        }));
    }

    public IEnumerable<T> Of<T>() => Decisions.Select(d => d.Body).OfType<T>();

    public void OnDecision(in Decision decision)
    {
        Decisions.Add(decision);
        Model.OnDecision(decision);
        _lines.OnDecision(decision);
    }

    public void OnInput(in Stamp stamp, in Input input)
    {
        InputCount++;
        if (input.Kind == InputKind.Control) Controls.Add(input);
        Model.OnInput(stamp, input);
        _lines.OnInput(stamp, input);
    }

    public void Dispose() => _engine.Dispose();

    private static Instrument Venue() => new()
    {
        Id = new(0), Venue = "cex", Symbol = "DCTUSDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0001m), Sizes = new(0.1m), MinimumSize = 1m, MinimumNotional = 1m,
    };

    private static Instrument Pool() => new()
    {
        Id = new(1), Venue = "stonfi", Symbol = "DCT/TON", BaseAsset = "DCT", QuoteAsset = "TON", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.00001m), Sizes = new(0.1m), IsPool = true,
    };
}
