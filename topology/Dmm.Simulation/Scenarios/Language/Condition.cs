using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Scenarios;

/// <summary>What was seen when a condition was looked at.</summary>
public readonly record struct Seen(bool Holds, string Text);

/// <summary>Something that can be looked at: the pipeline's decisions, what rests at the venues, what was earned.</summary>
public abstract record Condition
{
    /// <summary>Says it in words and numbers.</summary>
    public abstract string Text { get; }

    /// <summary>Looks once.</summary>
    /// <param name="board">What has been seen.</param>
    /// <param name="since">Decisions from that number on are new; those before do not count as events.</param>
    /// <param name="any">Where several markets are meant, one is enough; else all must comply.</param>
    internal abstract Seen Look(ScenarioBoard board, long since, bool any);

    /// <summary>Venues it names.</summary>
    internal virtual string? NamedVenue => null;

    /// <summary>The kept quotes it compares with.</summary>
    internal virtual string? NamedMark => null;

    /// <summary>The bounds it demands, where it measures.</summary>
    internal virtual Bounds? Limits => null;

    private protected static Seen OverMarkets(ScenarioBoard board, string? venue, bool any, Func<Instrument, Seen> look)
    {
        ImmutableArray<Seen> seen =
            [.. board.Instruments.Where(i => (venue is null || i.Venue == venue) && board.Parameters.Venues[i.Id.Index].IsQuoted).Select(look)];
        return new(any ? seen.Any(s => s.Holds) : seen.All(s => s.Holds), string.Join(", ", seen.Select(s => s.Text)));
    }
}

/// <summary>The trading state: of the asset (its freest market), or of one venue's quotes.</summary>
public sealed record StateIs(TradingState State, string? Venue = null) : Condition
{
    public override string Text => $"state{Say.At(Venue)} is {State}";

    internal override string? NamedVenue => Venue;

    internal override Seen Look(ScenarioBoard board, long since, bool any) => Venue is null
        ? new(board.State == State, $"state is {board.State}")
        : OverMarkets(board, Venue, any, i =>
            new(board.QuoteOf(i.Id)?.State == State, $"state at {i.Venue} is {board.QuoteOf(i.Id)?.State.ToString() ?? "not known"}"));
}

/// <summary>A breaker stands tripped (or at rest), for a reason that says certain words.</summary>
/// <param name="Kind">Which control.</param>
/// <param name="Subject">What it is about, or a venue's name; any when null.</param>
/// <param name="Demand">The state it asks for; any but Active when null.</param>
/// <param name="Reason">Words in its reason; any when null.</param>
public sealed record BreakerStands(BreakerKind Kind, string? Subject = null, TradingState? Demand = null, string? Reason = null) : Condition
{
    public override string Text =>
        $"breaker {Kind}{(Subject is null ? "" : $" on {Subject}")} {(Demand is { } demand ? $"asks for {demand}" : "is tripped")}"
        + (Reason is null ? "" : $" because '{Reason}'");

    internal override Seen Look(ScenarioBoard board, long since, bool any)
    {
        var standing = board.Breakers.Where(b => b.Kind == Kind && (Subject is null || b.Subject == Subject
            || b.Subject.StartsWith($"{Subject}:", StringComparison.Ordinal))).ToArray();
        var holds = standing.Any(b => (Demand is { } demand ? b.Demand == demand : b.Demand != TradingState.Active)
            && (Reason is null || b.Reason.Contains(Reason, StringComparison.OrdinalIgnoreCase)))
            || (standing.Length == 0 && Demand == TradingState.Active && Reason is null);
        return new(holds, standing.Length == 0
            ? $"breaker {Kind} has not moved"
            : string.Join(", ", standing.Select(b => $"breaker {b.Kind} on {b.Subject} asks for {b.Demand} ('{b.Reason}')")));
    }
}

/// <summary>An alert was raised whose text says certain words.</summary>
public sealed record AlertSays(string Words, AlertLevel? Level = null) : Condition
{
    public override string Text => $"an alert{(Level is { } level ? $" ({level})" : "")} says '{Words}'";

    internal override Seen Look(ScenarioBoard board, long since, bool any)
    {
        var alerts = board.Since<Alert>(since).Select(a => a.Body).ToArray();
        var holds = alerts.Any(a => a.Text.Contains(Words, StringComparison.OrdinalIgnoreCase) && (Level is null || a.Level == Level));
        return new(holds, alerts.Length == 0 ? "no alert" : string.Join(", ", alerts.Select(a => $"alert ({a.Level}) '{a.Text}'")));
    }
}

/// <summary>The pipeline says why a side of a venue is empty or cut, in certain words.</summary>
public sealed record WithheldBecause(string Words, string? Venue = null) : Condition
{
    public override string Text => $"quotes{Say.At(Venue)} are withheld because '{Words}'";

    internal override string? NamedVenue => Venue;

    internal override Seen Look(ScenarioBoard board, long since, bool any) => OverMarkets(board, Venue, any, i =>
    {
        var withheld = board.QuoteOf(i.Id)?.Withheld ?? "";
        var seen = withheld.Length == 0 ? $"nothing is withheld at {i.Venue}" : $"withheld at {i.Venue}: '{withheld}'";
        return new(withheld.Contains(Words, StringComparison.OrdinalIgnoreCase), seen);
    });
}

/// <summary>The last two scheduled refreshes of a venue were so far apart.</summary>
public sealed record CadenceIs(TimeSpan Every, string? Venue = null) : Condition
{
    public override string Text => $"quotes{Say.At(Venue)} are refreshed every {Say.Span(Every)}";

    internal override string? NamedVenue => Venue;

    internal override Seen Look(ScenarioBoard board, long since, bool any) => OverMarkets(board, Venue, any, i => new(
        board.CadenceOf(i.Id) == Every, $"{i.Venue} is refreshed every {(board.CadenceOf(i.Id) is { } between ? Say.Span(between) : "?")}"));
}

/// <summary>A bid of ours stands at or above an ask of ours, at the same venue: quoted, or really resting there.</summary>
public sealed record QuotesCross(string? Venue = null) : Condition
{
    public override string Text => $"our quotes{Say.At(Venue)} cross";

    internal override string? NamedVenue => Venue;

    internal override Seen Look(ScenarioBoard board, long since, bool any) => OverMarkets(board, Venue, any, i =>
    {
        var rests = board.VenueOf(i.Id);
        var quote = board.QuoteOf(i.Id);
        var (bid, ask) = (rests.Rungs(Side.Buy).FirstOrDefault()?.PriceTicks, rests.Rungs(Side.Sell).FirstOrDefault()?.PriceTicks);
        var quoted = quote is { Bids.IsEmpty: false, Asks.IsEmpty: false } && quote.Bids[0].PriceTicks >= quote.Asks[0].PriceTicks;
        return new(bid >= ask || quoted, $"{i.Venue} rests {Price(i, bid)} / {Price(i, ask)}");
    });

    private static string Price(Instrument instrument, long? ticks) =>
        ticks is { } price ? Say.Number(instrument.Prices.ToDecimal(price)) : "nothing";
}
