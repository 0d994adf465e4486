using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Archive;
using Dmm.Sinks.Following;
using Dmm.Sinks.Journal;
using Dmm.Sinks.Tests.Journal;
using Dmm.Sources.Journal;
using Dmm.Testing.Journal;

namespace Dmm.Sinks.Tests.Archive;

/// <summary>A journal told line by line: each input a second after the one before, each decision caused by the last input.</summary>
internal sealed class StoryJournal : IDisposable
{
    private readonly JournalFolder _folder = new();
    private SegmentJournalWriter? _writer;

    public StoryJournal(string name = "0001-demo", long number = 1, string ledger = "live") => Identity = new(name, number, ledger);

    public FollowedJournal Identity { get; }

    public string Path => _folder.Path;

    public SegmentJournalReader Reader => new(_folder.Path);

    public SegmentJournalWriter Writer => _writer ??= SegmentJournalWriter.Open(new() { Directory = _folder.Path, SegmentBytes = 4_000 });

    public static Timestamp Second(int second) => JournalSamples.Start + TimeSpan.FromSeconds(second);

    public JournalFollower Follow(IJournalSink sink) => new(Reader, sink, Identity);

    public StoryJournal Run()
    {
        var position = Writer.Position;
        Writer.BeginRun(JournalSamples.Header(position.Run + 1, position.Sequence + 1, position.Decision + 1,
            Timestamp.Max(JournalSamples.Start, position.ReachedAt)));
        return this;
    }

    public StoryJournal Hear(ControlMessage message) => Take(new Input(message));

    public StoryJournal Trade() => Take(new Input(JournalSamples.Trade));

    public StoryJournal Decide(object body)
    {
        Writer.Append(new Decision(Writer.Position.Decision + 1, new(Writer.Position.Sequence, null, Writer.Position.ReachedAt), body));
        return this;
    }

    public StoryJournal Flush()
    {
        Writer.Flush();
        return this;
    }

    /// <summary>Ends the process that writes; the next call begins another.</summary>
    public StoryJournal Close()
    {
        _writer?.Dispose();
        _writer = null;
        return this;
    }

    /// <summary>
    /// An order placed, acknowledged, amended, filled in two parts, its markout and what it came to, a second order refused, an operator, and what is
    /// told at a refresh.
    /// </summary>
    public StoryJournal Traded() => Run().Trade()
        .Decide(Order(OrderIntentKind.Place, "a1", 3))
        .Hear(Update("a1", OrderStatus.Live, 3))
        .Decide(Order(OrderIntentKind.Amend, "a1", 2, price: 617_010))
        .Hear(Fill("t1", "a1", 0.001m)).Decide(Inventory(5_010.50m)).Decide(Pnl(1.66m))
        .Hear(Update("a1", OrderStatus.PartiallyFilled, 1))
        .Hear(Fill("t2", "a1", 0.00100m)).Decide(Inventory(5_011.5m))
        .Hear(Update("a1", OrderStatus.Filled, 0)).Decide(Order(OrderIntentKind.Place, "a2", 5))
        .Hear(Update("a2", OrderStatus.Rejected, 0, "post-only"))
        .Decide(Markout("t1", TimeSpan.FromSeconds(5))).Decide(Pnl(2.00m))
        .Hear(new OperatorCommand(OperatorAction.Kill, "Zoë", "drill"))
        .Decide(new TradingStateChange { From = TradingState.Active, To = TradingState.Killed, Multiplier = 1, Reason = "killed by Zoë: drill" })
        .Decide(new Alert(AlertLevel.Critical, "kill", "killed"))
        .Hear(new ParameterChange(JournalSamples.Parameters, "Ann", "wider"))
        .Decide(JournalSamples.DecisionBodies[7]).Decide(JournalSamples.DecisionBodies[4]).Decide(JournalSamples.DecisionBodies[5]).Trade();

    public static OrderIntent Order(OrderIntentKind kind, string id, long lots, long price = 617_000) => new()
    {
        Kind = kind, Instrument = new(0), ClientOrderId = id, Side = Side.Buy, PriceTicks = price, SizeLots = lots, IsPostOnly = true,
    };

    public static OrderUpdate Update(string id, OrderStatus status, long remaining, string reason = "") => new()
    {
        Instrument = new(0), ClientOrderId = id, Status = status, Side = Side.Buy, PriceTicks = 617_000, RemainingLots = remaining, Reason = reason,
    };

    public static Fill Fill(string tradeId, string id, decimal quantity, Side side = Side.Buy) => new()
    {
        Instrument = new(0), TradeId = tradeId, ClientOrderId = id, Side = side, Price = 61_701.0m, Quantity = quantity, Fee = -0.0012340m,
        FeeAsset = "USDT", IsMaker = true, VenueTime = JournalSamples.Start,
    };

    public static InventorySnapshot Inventory(decimal total) =>
        ((InventorySnapshot)JournalSamples.DecisionBodies[8]) with { Total = total };

    public static PnlSnapshot Pnl(decimal orderFlow) => ((PnlSnapshot)JournalSamples.DecisionBodies[9]) with { OrderFlow = orderFlow };

    public static Markout Markout(string tradeId, TimeSpan horizon) => new(new(0), tradeId, Side.Buy, horizon, 1.25)
    {
        MidMoveBps = -0.5, TimeToFill = TimeSpan.FromSeconds(2.5), QuotedHalfSpreadBps = 5.95, IsMaker = true,
    };

    public void Dispose()
    {
        Close();
        _folder.Dispose();
    }

    private StoryJournal Take(Input input)
    {
        Writer.Append(new Stamp(Writer.Position.Sequence + 1, Writer.Position.ReachedAt + TimeSpan.FromSeconds(1)), input, InputOrigin.Outside);
        return this;
    }
}
