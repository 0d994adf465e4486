using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Scenarios;

/// <summary>The public side of one scripted market: its book is what the script says, and is told whole at every beat and every change.</summary>
internal sealed class ScriptedFeed(Instrument instrument, ScenarioMarket market, SimulationQueue queue, InputReceiver deliver)
{
    private const int LevelsPerSide = 10;

    private BookUpdate? _frozen;
    private long _updateId;
    private long _tradeId;
    private bool _awaitsResync;
    private bool _isLinkDown;

    public Instrument Instrument { get; } = instrument;

    /// <summary>USD per DCT.</summary>
    public double Mid { get; private set; } = market.Mid;

    public double SpreadBps { get; set; } = market.SpreadBps;

    public double LevelSize { get; set; } = market.LevelSize;

    /// <summary>USD per unit of the quote asset.</summary>
    public double QuoteRate { get; set; } = 1;

    /// <summary>Nothing comes, or nothing but what came last.</summary>
    public bool IsSilent { get; private set; }

    public long BidTicks { get; private set; }

    public long AskTicks { get; private set; }

    public void MoveBy(double factor)
    {
        Mid *= factor;
        Publish();
    }

    /// <summary>Works out the touch anew, and tells the book unless the feed is silent.</summary>
    public void Publish()
    {
        var perTick = Mid / QuoteRate / Instrument.Prices.StepAsDouble;
        var spread = Math.Max(1, (long)Math.Round(SpreadBps * 1e-4 * perTick));
        // Within a millionth of a tick counts as on it, so that a mid on the grid gives the touch that was asked for.
        // However far the script drives the price down, every level of the book has one.
        BidTicks = Math.Max(LevelsPerSide, (long)Math.Floor(Math.Round(perTick - spread / 2.0, 6)));
        AskTicks = BidTicks + spread;
        if (_frozen is { } old) deliver(new Input(old with { ReceiveTime = queue.Now }));
        else if (!IsSilent && !_awaitsResync) deliver(new Input(Snapshot()));
    }

    /// <param name="isFrozen">The last book is sent again and again, with its old exchange time, over a link that is up.</param>
    /// <param name="isLinkDown">The source knows that its link is down.</param>
    public void FallSilent(bool isFrozen, bool isLinkDown)
    {
        (IsSilent, _isLinkDown) = (true, isLinkDown);
        if (isFrozen) _frozen = Snapshot();
        if (isLinkDown) deliver(new Input(new FeedStatus(Instrument.Venue, FeedState.Disconnected, "the scenario cut it")));
    }

    public void ComeBack()
    {
        (IsSilent, _frozen) = (false, null);
        if (_isLinkDown) deliver(new Input(new FeedStatus(Instrument.Venue, FeedState.Connected, "")));
        Publish();
    }

    /// <summary>One message is lost: the next one shows the gap, and a snapshot closes it after a while.</summary>
    public void LoseMessage(TimeSpan resyncAfter)
    {
        _updateId += 2;
        deliver(new Input(Update(isSnapshot: false, [new(BidTicks, Lots)], bids: 1)));
        _awaitsResync = true;
        queue.Schedule(queue.Now + resyncAfter, () =>
        {
            _awaitsResync = false;
            Publish();
        });
    }

    public void Trade(Side aggressor, double quantity, double? price) => deliver(new Input(new Trade
    {
        Instrument = Instrument.Id, VenueTime = queue.Now, ReceiveTime = queue.Now, TradeId = ++_tradeId, Aggressor = aggressor,
        PriceTicks = price is { } stated ? (long)Math.Round(stated / Instrument.Prices.StepAsDouble) : aggressor == Side.Buy ? AskTicks : BidTicks,
        SizeLots = (long)Math.Round(quantity / Instrument.Sizes.StepAsDouble),
    }));

    private long Lots => Math.Max(1, (long)Math.Round(LevelSize / Instrument.Sizes.StepAsDouble));

    private BookUpdate Snapshot()
    {
        _updateId++;
        return Update(
            isSnapshot: true,
            [
                .. Enumerable.Range(0, LevelsPerSide).Select(i => new BookLevel(BidTicks - i, Lots)),
                .. Enumerable.Range(0, LevelsPerSide).Select(i => new BookLevel(AskTicks + i, Lots)),
            ],
            LevelsPerSide);
    }

    private BookUpdate Update(bool isSnapshot, BookLevel[] levels, int bids) => new()
    {
        Instrument = Instrument.Id, IsSnapshot = isSnapshot, VenueTime = queue.Now, ReceiveTime = queue.Now, FirstUpdateId = _updateId,
        LastUpdateId = _updateId, PreviousUpdateId = -1, BidCount = bids, Levels = levels,
    };
}
