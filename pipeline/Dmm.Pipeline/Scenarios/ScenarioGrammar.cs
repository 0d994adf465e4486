using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Simulation.Scenarios;

namespace Dmm.Pipeline.Scenarios;

/// <summary>What may stand for a value in a scenario file.</summary>
internal enum FieldKind : byte
{
    Text,
    Number,

    /// <summary>A number; <c>none</c> stands for 0, <c>some</c> for at least 1.</summary>
    Count,
    Whole,

    /// <summary>As in <c>500 ms</c>, <c>1.5 s</c>, <c>2 min</c>; a bare number is seconds.</summary>
    Duration,
    Flag,

    /// <summary>A venue's name; <c>all</c> stands for every one.</summary>
    Venue,

    /// <summary>The name of one venue.</summary>
    OneVenue,

    /// <summary>One of a few words.</summary>
    Word,
}

/// <summary>One member of a word's mapping.</summary>
internal sealed record Field(string Name, FieldKind Kind, string About, bool IsRequired = false)
{
    public ImmutableArray<string> Words { get; init; } = [];

    public static Field OneOf<T>(string name, string about, bool isRequired = false)
        where T : struct, Enum => new(name, FieldKind.Word, about, isRequired) { Words = [.. Enum.GetNames<T>()] };
}

/// <summary>A word of the language: a thing that happens, or one that is expected.</summary>
/// <param name="Name">As it stands in a file.</param>
/// <param name="About">What it does, for the reader of the schema.</param>
/// <param name="Example">One value, in YAML on one line.</param>
/// <param name="Shorthand">The member that a bare value stands for; null when a mapping is needed.</param>
/// <param name="Fields">Its members.</param>
/// <param name="Make">Builds what it means.</param>
internal sealed record Word<T>(
    string Name, string About, string Example, string? Shorthand, ImmutableArray<Field> Fields, Func<FieldValues, T> Make);

/// <summary>Every word of the scenario language, in the order of its documentation: what the parser reads and the schema tells.</summary>
internal static class ScenarioGrammar
{
    /// <summary>The step whose value names parameters; its members are theirs.</summary>
    public const string Parameters = "parameters";

    private static readonly Field Venue = new("venue", FieldKind.Venue, "a venue by name; every one when left out");
    private static readonly Field VenueOrAll = Venue with { About = "a venue by name, or all", IsRequired = true };
    private static readonly Field OneVenue = new("venue", FieldKind.OneVenue, "a venue by name", true);
    private static readonly Field SideOfOurs = Field.OneOf<Side>("side", "ours: Buy or Sell");

    public static readonly ImmutableArray<Word<Happening>> Happenings =
    [
        new("mid", "The mid moves, by bps or to a price in USD, at once or evenly over a time.", "{ bps: -30, over: 2 s }", null,
            [Venue, new("bps", FieldKind.Number, "by how much"), new("to", FieldKind.Number, "to which price, USD"),
                new("over", FieldKind.Duration, "how long it takes")],
            v => new MidMoves(v.Text("venue"), v.Number("bps"), v.Number("to"), v.Duration("over") ?? TimeSpan.Zero)),
        new("book", "The public book's spread or the size of its levels changes.", "{ venue: alpha, spreadBps: 12, levelSize: 80 }", null,
            [Venue, new("spreadBps", FieldKind.Number, "best ask less best bid"),
                new("levelSize", FieldKind.Number, "DCT at each of ten levels a side")],
            v => new BookChanges(v.Text("venue"), v.Number("spreadBps"), v.Number("levelSize"))),
        new("silent", "A feed goes silent over a link that looks well; or repeats its last book with its old exchange time; or loses its link.",
            "{ venue: alpha, frozen: true }", "venue",
            [VenueOrAll, new("frozen", FieldKind.Flag, "the last book comes again and again"),
                new("linkDown", FieldKind.Flag, "the source says that its link is down")],
            v => new FeedFallsSilent(v.Text("venue"), v.Flag("frozen"), v.Flag("linkDown"))),
        new("back", "A silent feed comes back.", "alpha", "venue", [VenueOrAll], v => new FeedComesBack(v.Text("venue"))),
        new("gap", "A message of the feed is lost; its snapshot comes after a while.", "{ venue: alpha, resyncAfter: 1 s }", null,
            [OneVenue, new("resyncAfter", FieldKind.Duration, "until the snapshot", true)],
            v => new FeedLosesMessage(v.Text("venue")!, v.Duration("resyncAfter")!.Value)),
        new("volatile", "The mid walks at random, without drift, from the scenario's seed.", "{ bpsPerRootSecond: 15, for: 30 s }", null,
            [Venue, new("bpsPerRootSecond", FieldKind.Number, "standard deviation of a second's move", true),
                new("for", FieldKind.Duration, "how long", true)],
            v => new VolatilitySpikes(v.Number("bpsPerRootSecond")!.Value, v.Duration("for")!.Value, v.Text("venue"))),
        new("fill", "A resting rung of ours is filled at the venue.", "{ venue: alpha, side: Buy, rung: 1, quantity: 25 }", null,
            [
                OneVenue, SideOfOurs with { IsRequired = true }, new("rung", FieldKind.Whole, "1 is the nearest, and what is meant when left out"),
                new("quantity", FieldKind.Number, "DCT; the whole order when left out"),
            ],
            v => new RungFills(v.Text("venue")!, v.Word<Side>("side")!.Value, v.Whole("rung") ?? 1, v.Exact("quantity"))),
        new("foreignFill", "A fill is told of an order that the pipeline does not know.",
            "{ venue: alpha, side: Buy, price: 0.9995, quantity: 5000, restedFor: 1 s, tradeId: x1 }", null,
            [
                OneVenue, SideOfOurs with { IsRequired = true }, new("price", FieldKind.Number, "in the market's quote asset", true),
                new("quantity", FieldKind.Number, "DCT", true),
                new("restedFor", FieldKind.Duration, "how long the filled quote rested; unknown when left out"),
                new("tradeId", FieldKind.Text, "the venue's; the same one again is the same fill told again"),
            ],
            v => new FillArrives(v.Text("venue")!, v.Word<Side>("side")!.Value, v.Exact("price")!.Value, v.Exact("quantity")!.Value,
                v.Duration("restedFor"), v.Text("tradeId"))),
        new("trades", "Public trades on the tape, at the touch or at a price.",
            "{ venue: alpha, side: Sell, quantity: 250, times: 60, every: 100 ms }", null,
            [
                OneVenue, Field.OneOf<Side>("side", "the aggressor's", true), new("quantity", FieldKind.Number, "DCT of each", true),
                new("price", FieldKind.Number, "in the market's quote asset"), new("times", FieldKind.Whole, "how many; 1 when left out"),
                new("every", FieldKind.Duration, "between two"),
            ],
            v => new TapeTrades(v.Text("venue")!, v.Word<Side>("side")!.Value, v.Number("quantity")!.Value, v.Number("price"), v.Whole("times") ?? 1,
                v.Duration("every") ?? TimeSpan.Zero)),
        new("gas", "What a swap costs in gas from now on, TON.", "0.2", "tonPerSwap", [new("tonPerSwap", FieldKind.Number, "TON", true)],
            v => new GasCosts(v.Exact("tonPerSwap")!.Value)),
        new("reference", "TON in USD moves, while pools keep their price in USD; or its feed goes silent and comes back.", "{ to: 2.7 }", null,
            [new("to", FieldKind.Number, "USD"), new("feed", FieldKind.Word, "what its feed does") { Words = ["silent", "back"] }], Reference),
        new("pendingSwap", "A large swap is on its way to a pool, and is told of before it gets there.",
            "{ venue: pool, side: Buy, impactBps: 80, trace: whale, validFor: 60 s }", null,
            [
                OneVenue, Field.OneOf<Side>("side", "Buy when the pool's price will rise", true),
                new("impactBps", FieldKind.Number, "how far it would move the pool", true),
                new("trace", FieldKind.Text, "by what it is taken back; swap when left out"),
                new("validFor", FieldKind.Duration, "until its deadline; none when left out"),
            ],
            v => new SwapAnnounced(v.Text("venue")!, v.Word<Side>("side")!.Value, v.Number("impactBps")!.Value, v.Text("trace") ?? "swap",
                v.Duration("validFor"))),
        new("pendingSwapGone", "What was on its way is carried out, taken back or given up.", "{ trace: whale, reason: invalidated }", "trace",
            [new("trace", FieldKind.Text, "its name", true), new("reason", FieldKind.Text, "why; taken back when left out")],
            v => new SwapGone(v.Text("trace")!, v.Text("reason") ?? "taken back")),
        new("operator", "Somebody orders something.", "{ action: Kill, by: ann, reason: drill }", "action",
            [
                Field.OneOf<OperatorAction>("action", "what", true), new("by", FieldKind.Text, "who; ann when left out"),
                new("reason", FieldKind.Text, "why; drill when left out"),
            ],
            v => new OperatorOrders(v.Word<OperatorAction>("action")!.Value, v.Text("by") ?? "ann", v.Text("reason") ?? "drill")),
        new("disconnect", "The order path of a venue closes: placements are refused, cancels wait.", "alpha", "venue",
            [OneVenue, new("reason", FieldKind.Text, "why")], v => new VenueDisconnects(v.Text("venue")!, v.Text("reason") ?? "connection lost")),
        new("reconnect", "The order path is open again; what waited goes out first.", "alpha", "venue", [OneVenue],
            v => new VenueReconnects(v.Text("venue")!)),
        new("reject", "The venue rejects every placement from now on.", "{ venue: alpha, reason: maintenance }", "venue",
            [OneVenue, new("reason", FieldKind.Text, "why")], v => new VenueRejects(v.Text("venue")!, v.Text("reason") ?? "the venue is busy")),
        new("accept", "The venue takes orders again.", "alpha", "venue", [OneVenue], v => new VenueRejects(v.Text("venue")!, null)),
        new("late", "What the venue says of our orders comes later from now on, by kind; 0 s ends it.",
            "{ venue: alpha, acks: 300 ms, fills: 1 s }", null,
            [OneVenue, new("acks", FieldKind.Duration, "new states of orders"), new("fills", FieldKind.Duration, "executions")],
            v => new ReportsLate(v.Text("venue")!, v.Duration("acks"), v.Duration("fills"))),
        new("journal", "The journal cannot be written from now on, or can again.", "{ state: down, reason: disk full }", "state",
            [new("state", FieldKind.Word, "down or up", true) { Words = ["down", "up"] }, new("reason", FieldKind.Text, "what the system says")],
            v => new JournalFails(v.Text("state") == "down" ? v.Text("reason") ?? "disk full" : null)),
        new("mark", "Keeps the present quotes under a name, for comparisons.", "calm", "name", [new("name", FieldKind.Text, "the name", true)],
            v => new MarkQuotes(v.Text("name")!)),
    ];

    public static readonly ImmutableArray<Word<Condition>> Conditions =
    [
        new("state", "The trading state of the asset (its freest market), or of one venue's quotes.", "{ is: Halted, venue: beta }", "is",
            [Field.OneOf<TradingState>("is", "which", true), Venue with { About = "a venue by name; the asset when left out" }],
            v => new StateIs(v.Word<TradingState>("is")!.Value, v.Text("venue"))),
        new("breaker", "A control stands tripped, or asks for a certain state, for a reason with certain words.",
            "{ kind: Staleness, subject: alpha, demand: Halted, reason: quotes are cancelled }", "kind",
            [
                Field.OneOf<BreakerKind>("kind", "which", true),
                new("subject", FieldKind.Text, "a venue, an instrument, asset, long or short; any when left out"),
                Field.OneOf<TradingState>("demand", "the state it asks for; any but Active when left out"),
                new("reason", FieldKind.Text, "words in its reason"),
            ],
            v => new BreakerStands(v.Word<BreakerKind>("kind")!.Value, v.Text("subject"), v.Word<TradingState>("demand"), v.Text("reason"))),
        new("resting", "How many of our orders really rest.", "{ max: 3, venue: alpha, side: Buy }", "is", Counted(Venue, SideOfOurs),
            v => new OrdersRest(v.Bounds(), v.Text("venue"), v.Word<Side>("side"))),
        new("outstanding", "Notional of our orders that really rest, USD; of the larger side unless one is named.", "{ max: 2000 }", null,
            Measured(Venue, SideOfOurs), v => new Outstanding(v.Bounds(), v.Text("venue"), v.Word<Side>("side"))),
        Quote("spread", "Best ask less best bid, bps of the fair value.", "{ min: 5, max: 12, venue: alpha }", QuoteMeasure.Spread),
        Quote("halfSpread", "δ of the model after all widening, before skew and floor, bps.", "{ from: calm, is: 1.5 }", QuoteMeasure.HalfSpread),
        Quote("bid", "From the best bid up to the fair value, bps.", "{ from: calm, min: 1.3 }", QuoteMeasure.BidDistance),
        Quote("ask", "From the fair value up to the best ask, bps.", "{ max: 6 }", QuoteMeasure.AskDistance),
        Quote("size", "All rungs together, DCT.", "{ from: calm, is: 0.5, side: Buy }", QuoteMeasure.Size),
        Quote("rungs", "How many rungs are quoted.", "{ is: none, side: Buy }", QuoteMeasure.Rungs),
        Quote("widening", "What toxic flow and breakers multiply δ with.", "1.5", QuoteMeasure.Widening),
        Quote("floor", "The full-spread floor in force, bps.", "5.5", QuoteMeasure.Floor),
        Quote("skew", "The skew b, bps; positive when long.", "{ min: 3 }", QuoteMeasure.Skew),
        new("cadence", "The last two scheduled refreshes were so far apart.", "{ every: 4 s, venue: pool }", "every",
            [new("every", FieldKind.Duration, "how far", true), Venue], v => new CadenceIs(v.Duration("every")!.Value, v.Text("venue"))),
        new("withheld", "The pipeline says why quotes are withheld or cut, in certain words.", "{ says: hard limit, venue: alpha }", "says",
            [new("says", FieldKind.Text, "words in it", true), Venue], v => new WithheldBecause(v.Text("says")!, v.Text("venue"))),
        new("alert", "An alert is raised whose text has certain words.", "{ says: not above zero, level: Warning }", "says",
            [new("says", FieldKind.Text, "words in it", true), Field.OneOf<AlertLevel>("level", "how urgent")],
            v => new AlertSays(v.Text("says")!, v.Word<AlertLevel>("level"))),
        Sent("placed", "How many placements left the pipeline since the expectation began.", "some", OrderIntentKind.Place),
        Sent("amended", "How many amendments left.", "{ min: 1, venue: alpha }", OrderIntentKind.Amend),
        Sent("cancelled", "How many cancels left.", "{ is: 3, side: Buy }", OrderIntentKind.Cancel),
        new("inventory", "DCT, as the pipeline reckons with it.", "{ min: 14000, max: 16000 }", "is", Measured(),
            v => new DeskMeasures(DeskMeasure.Inventory, v.Bounds())),
        new("pnl", "What our fills earned, USD: cash that changed hands, and the mid of the first market.", "{ min: -50 }", "is", Measured(),
            v => new DeskMeasures(DeskMeasure.Pnl, v.Bounds())),
        new("volatility", "σ over the horizon before the clamp, bps.", "{ min: 120 }", "is", Measured(),
            v => new DeskMeasures(DeskMeasure.Volatility, v.Bounds())),
        new("crossed", "A bid of ours stands at or above an ask of ours at one venue.", "all", "venue", [VenueOrAll],
            v => new QuotesCross(v.Text("venue"))),
    ];

    private static Word<Condition> Quote(string name, string about, string example, QuoteMeasure measure)
    {
        var hasSide = measure is QuoteMeasure.Size or QuoteMeasure.Rungs;
        var from = new Field("from", FieldKind.Text, "kept quotes: the bounds are then those of the ratio to them");
        ImmutableArray<Field> more = hasSide ? [Venue, SideOfOurs, from] : [Venue, from];
        return new(name, about, example, "is", measure == QuoteMeasure.Rungs ? Counted([.. more]) : Measured([.. more]),
            v => new QuoteMeasures(measure, v.Bounds(), v.Text("venue"), hasSide ? v.Word<Side>("side") : null, v.Text("from")));
    }

    private static Word<Condition> Sent(string name, string about, string example, OrderIntentKind kind) => new(
        name, about, example, "is", Counted(Venue, SideOfOurs), v => new OrdersSent(kind, v.Bounds(), v.Text("venue"), v.Word<Side>("side")));

    private static ImmutableArray<Field> Counted(params ReadOnlySpan<Field> more) =>
        [new("is", FieldKind.Count, "exactly; none, some or a number"), new("min", FieldKind.Whole, "at least"),
            new("max", FieldKind.Whole, "at most"), .. more];

    private static ImmutableArray<Field> Measured(params ReadOnlySpan<Field> more) =>
        [new("is", FieldKind.Number, "exactly"), new("min", FieldKind.Number, "at least"), new("max", FieldKind.Number, "at most"), .. more];

    private static Happening Reference(FieldValues values) => (values.Number("to"), values.Text("feed")) switch
    {
        ({ } to, null) => new ReferenceMoves(to),
        (null, "silent") => new ReferenceFallsSilent(),
        (null, "back") => new ReferenceComesBack(),
        _ => throw new FormatException("give either to or feed"),
    };
}
