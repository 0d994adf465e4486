using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;

namespace Dmm.Testing;

/// <summary>A book that shows what a test says.</summary>
public sealed class ShownBook(InstrumentId id) : IBookView, IBookDepth
{
    public List<BookLevel> Bids { get; } = [];

    public List<BookLevel> Asks { get; } = [];

    public BookStatus Status { get; set; } = BookStatus.Valid;

    public BookTop Top => new()
    {
        Instrument = id, Status = Bids.Count == 0 || Asks.Count == 0 ? BookStatus.OneSided : Status, Bid = Bids.FirstOrDefault(),
        Ask = Asks.FirstOrDefault(), LastUpdateId = 1, VenueTime = default, Depth = this,
    };

    public ShownBook Show(string bids, string asks)
    {
        Bids.Clear();
        Asks.Clear();
        Bids.AddRange(Levels(bids));
        Asks.AddRange(Levels(asks));
        return this;
    }

    public int CopyLevels(Side side, Span<BookLevel> levels)
    {
        var of = side == Side.Buy ? Bids : Asks;
        var count = Math.Min(of.Count, levels.Length);
        for (var i = 0; i < count; i++) levels[i] = of[i];
        return count;
    }

    public long LotsAt(Side side, long priceTicks) => (side == Side.Buy ? Bids : Asks).Where(l => l.PriceTicks == priceTicks).Sum(l => l.SizeLots);

    public long LotsWithin(Side side, double distanceBps)
    {
        var mid = (Bids[0].PriceTicks + Asks[0].PriceTicks) / 2.0;
        return (side == Side.Buy ? Bids : Asks).Where(l => Math.Abs(l.PriceTicks - mid) <= mid * distanceBps * 1e-4).Sum(l => l.SizeLots);
    }

    // "10050*800 10030*2000": ticks of 0.0001, lots of 0.1.
    private static IEnumerable<BookLevel> Levels(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(level => level.Split('*')).Select(parts => new BookLevel(long.Parse(parts[0], null), long.Parse(parts[1], null)));
}

/// <summary>
/// Three order books, or two and a pool, as the router finds them: east is cheap, west is rich, and south lies between. What a test needs it says.
/// </summary>
public sealed class RouteSetting
{
    public static readonly InstrumentId East = new(0);
    public static readonly InstrumentId West = new(1);
    public static readonly InstrumentId South = new(2);

    public static readonly Timestamp Start = Timestamp.Parse("2026-01-05T12:00:00Z");

    public ImmutableArray<Instrument> Instruments { get; set; } = [Market(0, "east"), Market(1, "west"), Market(2, "south")];

    public ShownBook[] Books { get; } = [new(East), new(West), new(South)];

    public double[] TakerFeeBps { get; } = [5, 5, 5];

    public PoolCosts? Pool { get; set; }

    public decimal Gas { get; set; }

    public TradingPermission[] Permissions { get; } = [.. Enumerable.Repeat(Active, 3)];

    public (SideRoom Buys, SideRoom Sells)[] Rooms { get; } = [.. Enumerable.Repeat((Wide, Wide), 3)];

    public decimal?[] BaseBalances { get; } = new decimal?[3];

    public decimal?[] QuoteBalances { get; } = new decimal?[3];

    public RouterParameters Parameters { get; set; } = new();

    public InventoryParameters Inventory { get; set; } = new() { Target = 0, Starting = 0 };

    public decimal Held { get; set; }

    public double FairValue { get; set; } = 1.0025;

    public LiveOrdersState Live { get; set; } = LiveOrdersState.Empty;

    public OrderIdState Ids { get; set; } = OrderIdState.Fresh("sim", 0);

    public Timestamp Now { get; set; } = Start;

    public bool MayBegin { get; set; } = true;

    public static TradingPermission Active => new(TradingState.Active, 1, false, false, "");

    public static SideRoom Wide => new(1_000_000m, 1_000_000m);

    /// <summary>The example that the tests work by hand.</summary>
    public RouteSetting()
    {
        Books[0].Show("9990*5000", "10000*1000 10010*1000");
        Books[1].Show("10050*800 10030*2000", "10070*5000");
        Books[2].Show("10015*9000", "10035*9000");
    }

    public static Instrument Market(int index, string venue, bool isPool = false) => new()
    {
        Id = new(index), Venue = venue, Symbol = "DCTUSDT", BaseAsset = "DCT", QuoteAsset = "USDT", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ContiguousRange, Prices = new(0.0001m), Sizes = new(0.1m), MinimumSize = 1m, MinimumNotional = 1m,
        IsPool = isPool,
    };

    public RouteSituation Situation() => new()
    {
        Now = Now,
        Markets = [.. Instruments.Select((instrument, i) => new RouteMarket
        {
            Instrument = instrument,
            Venue = new() { Instrument = instrument.Name, TakerFeeBps = TakerFeeBps[i], Pool = instrument.IsPool ? Pool : null },
            Book = Books[i], Rate = 1, Gas = instrument.IsPool ? Gas : 0, Permission = Permissions[i], Buys = Rooms[i].Buys, Sells = Rooms[i].Sells,
            BaseBalance = BaseBalances[i], QuoteBalance = QuoteBalances[i],
        })],
        Cleared = [.. Instruments.Select(_ => (Wide, Wide))],
        FairValue = FairValue, Inventory = Held, Live = Live, Ids = Ids, InventoryLimits = Inventory, Parameters = Parameters, MayBegin = MayBegin,
        NumerairePer = asset => asset == "USDT" ? 1m : null,
    };

    public RouteOpportunity? Find() => RouteFinder.Find(Situation());
}
