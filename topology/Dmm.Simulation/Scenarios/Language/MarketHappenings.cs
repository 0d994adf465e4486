using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Scenarios;

/// <summary>The mid moves: by so many bps, or to a price in USD; at once, or evenly over a time.</summary>
/// <param name="Venue">Where; every market when null.</param>
/// <param name="Bps">By how much, of the present mid.</param>
/// <param name="To">To which price, in its stead.</param>
/// <param name="Over">How long that takes.</param>
public sealed record MidMoves(string? Venue = null, double? Bps = null, double? To = null, TimeSpan Over = default) : Happening
{
    public override string Text =>
        $"mid{Say.At(Venue)} moves {(To is { } to ? $"to {Say.Number(to)}" : $"by {Say.Signed(Bps ?? 0)} bps")}"
        + (Over > TimeSpan.Zero ? $" over {Say.Span(Over)}" : "");

    public override TimeSpan? Lasts => Over;

    internal override string? NamedVenue => Venue;

    internal override void CollectFaults(ParameterFaults faults)
    {
        faults.Require("mid", Bps is null != To is null, "gives both or neither of bps and to", "one of them");
        if (Bps is { } bps) faults.Within("mid.bps", bps, -9_000, 9_000, "bps");
        if (To is { } to) faults.Within("mid.to", to, 0.01, 1e6, "USD");
        faults.Within("mid.over", Over, TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    internal override void Take(ScenarioStage stage)
    {
        if (To is { } to)
        {
            foreach (var feed in stage.Market.Of(Venue)) stage.Market.Move(feed.Instrument.Venue, to / feed.Mid, Over);
        }
        else
        {
            stage.Market.Move(Venue, ScenarioMarket.Moved(1, Bps ?? 0), Over);
        }
    }
}

/// <summary>The spread of the public book changes, or the size at each of its levels, or both.</summary>
public sealed record BookChanges(string? Venue = null, double? SpreadBps = null, double? LevelSize = null) : Happening
{
    public override string Text =>
        $"book{Say.At(Venue)} changes{Say.When(SpreadBps, bps => $", spread {Say.Number(bps)} bps")}"
        + Say.When(LevelSize, size => $", {Say.Number(size)} DCT a level");

    internal override string? NamedVenue => Venue;

    internal override void CollectFaults(ParameterFaults faults)
    {
        faults.Require("book", SpreadBps is not null || LevelSize is not null, "changes nothing", "spreadBps, levelSize or both");
        if (SpreadBps is { } bps) faults.Within("book.spreadBps", bps, 0.01, 5_000, "bps");
        if (LevelSize is { } size) faults.Within("book.levelSize", size, 0.1, 1e9, "DCT");
    }

    internal override void Take(ScenarioStage stage)
    {
        foreach (var feed in stage.Market.Of(Venue))
        {
            feed.SpreadBps = SpreadBps ?? feed.SpreadBps;
            feed.LevelSize = LevelSize ?? feed.LevelSize;
            feed.Publish();
        }
    }
}

/// <summary>A feed goes silent on a link that looks well, repeats its last book for ever, or loses its link.</summary>
/// <param name="Venue">Which; every feed when null.</param>
/// <param name="IsFrozen">The last book comes again and again, with its old exchange time.</param>
/// <param name="IsLinkDown">The source says that the link is down.</param>
public sealed record FeedFallsSilent(string? Venue = null, bool IsFrozen = false, bool IsLinkDown = false) : Happening
{
    public override string Text =>
        $"feed{Say.At(Venue)} {(IsFrozen ? "repeats its last book" : "goes silent")}{(IsLinkDown ? ", its link is down" : "")}";

    internal override string? NamedVenue => Venue;

    internal override void CollectFaults(ParameterFaults faults)
    {
        faults.Require("silent", !(IsFrozen && IsLinkDown), "is frozen with its link down", "one of the two");
    }

    internal override void Take(ScenarioStage stage)
    {
        foreach (var feed in stage.Market.Of(Venue)) feed.FallSilent(IsFrozen, IsLinkDown);
    }
}

public sealed record FeedComesBack(string? Venue = null) : Happening
{
    public override string Text => $"feed{Say.At(Venue)} comes back";

    internal override string? NamedVenue => Venue;

    internal override void Take(ScenarioStage stage)
    {
        foreach (var feed in stage.Market.Of(Venue)) feed.ComeBack();
    }
}

/// <summary>One message of a feed is lost; its snapshot comes after a while.</summary>
public sealed record FeedLosesMessage(string Venue, TimeSpan ResyncAfter) : Happening
{
    public override string Text => $"feed at {Venue} loses a message, snapshot after {Say.Span(ResyncAfter)}";

    public override TimeSpan? Lasts => ResyncAfter;

    internal override string? NamedVenue => Venue;

    internal override void CollectFaults(ParameterFaults faults)
    {
        faults.Within("gap.resyncAfter", ResyncAfter, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10));
    }

    internal override void Take(ScenarioStage stage)
    {
        foreach (var feed in stage.Market.Of(Venue)) feed.LoseMessage(ResyncAfter);
    }
}

/// <summary>The mid walks at random, without drift, for a while.</summary>
public sealed record VolatilitySpikes(double BpsPerRootSecond, TimeSpan For, string? Venue = null) : Happening
{
    public override string Text => $"volatility{Say.At(Venue)} of {Say.Number(BpsPerRootSecond)} bps/√s for {Say.Span(For)}";

    public override TimeSpan? Lasts => For;

    internal override string? NamedVenue => Venue;

    internal override void CollectFaults(ParameterFaults faults)
    {
        faults.Within("volatile.bpsPerRootSecond", BpsPerRootSecond, 0.01, 1_000, "bps/√s");
        faults.Within("volatile.for", For, TimeSpan.FromSeconds(0.1), TimeSpan.FromHours(1));
    }

    internal override void Take(ScenarioStage stage) => stage.Market.Walk(Venue, BpsPerRootSecond, For);
}

/// <summary>Public trades on the tape, evenly spaced; at the touch unless a price is given.</summary>
public sealed record TapeTrades(
    string Venue, Side Aggressor, double Quantity, double? Price = null, int Times = 1, TimeSpan Every = default) : Happening
{
    public override string Text =>
        $"{(Times == 1 ? "a trade" : $"{Times} trades, every {Say.Span(Every)},")} at {Venue}: {Aggressor} {Say.Number(Quantity)}"
        + Say.When(Price, price => $" at {Say.Number(price)}");

    public override TimeSpan? Lasts => Every * (Times - 1);

    internal override string? NamedVenue => Venue;

    internal override void CollectFaults(ParameterFaults faults)
    {
        faults.Within("trades.quantity", Quantity, 0.1, 1e9, "DCT");
        if (Price is { } price) faults.Within("trades.price", price, 1e-6, 1e6, "");
        faults.Within("trades.times", Times, 1, 10_000);
        if (Times > 1) faults.Within("trades.every", Every, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
    }

    internal override void Take(ScenarioStage stage)
    {
        foreach (var feed in stage.Market.Of(Venue))
            for (var i = 0; i < Times; i++) stage.Queue.Schedule(stage.Queue.Now + Every * i, () => feed.Trade(Aggressor, Quantity, Price));
    }
}

/// <summary>What a swap costs in gas from now on, TON.</summary>
public sealed record GasCosts(decimal TonPerSwap) : Happening
{
    public override string Text => $"gas costs {Say.Number(TonPerSwap)} TON a swap";

    internal override void CollectFaults(ParameterFaults faults)
    {
        faults.Within("gas.tonPerSwap", TonPerSwap, 0.000001m, 1_000m, "TON");
    }

    internal override void Take(ScenarioStage stage) => stage.Deliver(new Input(new GasPrice(TonPerSwap, stage.Queue.Now)));
}

/// <summary>TON in USD moves; pools keep their price in USD.</summary>
public sealed record ReferenceMoves(double To) : Happening
{
    public override string Text => $"TON reference moves to {Say.Number(To)} USD";

    internal override void CollectFaults(ParameterFaults faults)
    {
        faults.Within("reference.to", To, 1e-4, 1e6, "USD");
    }

    internal override void Take(ScenarioStage stage) => stage.Market.SetTonRate(To);
}

public sealed record ReferenceFallsSilent : Happening
{
    public override string Text => "TON reference goes silent";

    internal override void Take(ScenarioStage stage) => stage.Market.IsReferenceSilent = true;
}

public sealed record ReferenceComesBack : Happening
{
    public override string Text => "TON reference comes back";

    internal override void Take(ScenarioStage stage)
    {
        stage.Market.IsReferenceSilent = false;
        stage.Market.SendReference();
    }
}
