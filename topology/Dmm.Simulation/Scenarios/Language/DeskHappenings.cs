using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation.Scenarios;

/// <summary>A resting rung of ours is filled at the venue, at its own price.</summary>
/// <param name="Venue">Where.</param>
/// <param name="Side">Of our order.</param>
/// <param name="Rung">1 is the nearest.</param>
/// <param name="Quantity">DCT; all that is left of the order when null.</param>
public sealed record RungFills(string Venue, Side Side, int Rung = 1, decimal? Quantity = null) : Happening
{
    public override string Text =>
        $"our {Say.Name(Side)} {Rung} at {Venue} is filled{(Quantity is { } quantity ? $", {Say.Number(quantity)} of it" : "")}";

    internal override string? NamedVenue => Venue;

    internal override void CollectFaults(ParameterFaults faults)
    {
        faults.Within("fill.rung", Rung, 1, QuoteParameters.MaxLevels);
        if (Quantity is { } quantity) faults.Within("fill.quantity", quantity, 0.1m, 1_000_000_000m, "DCT");
    }

    internal override void Take(ScenarioStage stage)
    {
        var venue = stage.Market.Venue(Venue);
        if (venue.Rungs(Side).ElementAtOrDefault(Rung - 1) is not { } order)
        {
            var there = Say.Count(venue.Rungs(Side).Count(), Say.Name(Side));
            stage.Fail($"no {Say.Name(Side)} {Rung} of ours rests at {Venue} that could be filled; {there} there");
            return;
        }

        var left = venue.Instrument.Sizes.ToDecimal(order.RemainingLots);
        var quantity = Quantity ?? left;
        if (quantity <= left) venue.Fill(order, Math.Max(1, (long)Math.Round(quantity / venue.Instrument.Sizes.Step)));
        else stage.Fail($"our {Say.Name(Side)} {Rung} at {Venue} has {Say.Number(left)} left, not {Say.Number(quantity)}");
    }
}

/// <summary>A fill is told, at once, of an order that the pipeline does not know: a price, a quantity, a side.</summary>
/// <param name="Venue">Where.</param>
/// <param name="Side">Ours.</param>
/// <param name="Price">In the market's quote asset.</param>
/// <param name="Quantity">DCT.</param>
/// <param name="RestedFor">How long the filled quote is said to have rested; not known when null.</param>
/// <param name="TradeId">The venue's; a new one when null. The same one again is the same fill, told again.</param>
public sealed record FillArrives(
    string Venue, Side Side, decimal Price, decimal Quantity, TimeSpan? RestedFor = null, string? TradeId = null) : Happening
{
    public override string Text =>
        $"a fill arrives from {Venue}: {Side} {Say.Number(Quantity)} at {Say.Number(Price)}{(TradeId is { } id ? $" (trade {id})" : "")}";

    internal override string? NamedVenue => Venue;

    internal override void CollectFaults(ParameterFaults faults)
    {
        faults.Within("fill.price", Price, 0.000001m, 1_000_000m, "");
        faults.Within("fill.quantity", Quantity, 0.1m, 1_000_000_000m, "DCT");
        if (RestedFor is { } rested) faults.Within("fill.restedFor", rested, TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    internal override void Take(ScenarioStage stage) =>
        stage.Deliver(new Input(stage.Market.Venue(Venue).ForeignFill(Side, Price, Quantity, RestedFor, TradeId)));
}

/// <summary>Somebody orders something.</summary>
public sealed record OperatorOrders(OperatorAction Action, string Operator = "ann", string Reason = "drill") : Happening
{
    public override string Text => $"operator {Operator}: {Action} ({Reason})";

    internal override void Take(ScenarioStage stage) => stage.Deliver(new Input(new OperatorCommand(Action, Operator, Reason)));
}

/// <summary>Parameters change while trading.</summary>
/// <param name="Change">From those in force.</param>
/// <param name="What">In words.</param>
public sealed record ParametersChange(Func<QuotingParameters, QuotingParameters> Change, string What) : Happening
{
    public override string Text => $"parameters change: {What}";

    internal override void Take(ScenarioStage stage) => stage.Change(Change, What);
}

/// <summary>The order path of a venue closes: placements are refused, cancels wait at the adapter.</summary>
public sealed record VenueDisconnects(string Venue, string Reason = "connection lost") : Happening
{
    public override string Text => $"order path to {Venue} closes: {Reason}";

    internal override string? NamedVenue => Venue;

    internal override void Take(ScenarioStage stage) => stage.Market.Venue(Venue).Disconnect(Reason);
}

/// <summary>The order path of a venue is open again; what waited goes out first.</summary>
public sealed record VenueReconnects(string Venue) : Happening
{
    public override string Text => $"order path to {Venue} is open again";

    internal override string? NamedVenue => Venue;

    internal override void Take(ScenarioStage stage) => stage.Market.Venue(Venue).Reconnect();
}

/// <summary>From now on the venue rejects placements; a null reason ends it.</summary>
public sealed record VenueRejects(string Venue, string? Reason) : Happening
{
    public override string Text => Reason is null ? $"{Venue} takes orders again" : $"{Venue} rejects every placement: {Reason}";

    internal override string? NamedVenue => Venue;

    internal override void Take(ScenarioStage stage) => stage.Market.Venue(Venue).RejectPlacements(Reason);
}

/// <summary>What the venue says of our orders comes so much later from now on; null leaves a kind as it is.</summary>
public sealed record ReportsLate(string Venue, TimeSpan? Acknowledgements = null, TimeSpan? Fills = null) : Happening
{
    public override string Text =>
        $"{Venue} tells late{Say.When(Acknowledgements, late => $", acknowledgements by {Say.Span(late)}")}"
        + Say.When(Fills, late => $", fills by {Say.Span(late)}");

    internal override string? NamedVenue => Venue;

    internal override void CollectFaults(ParameterFaults faults)
    {
        faults.Require("late", Acknowledgements is not null || Fills is not null, "names neither kind", "acks, fills or both");
        if (Acknowledgements is { } acks) faults.Within("late.acks", acks, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        if (Fills is { } fills) faults.Within("late.fills", fills, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    }

    internal override void Take(ScenarioStage stage) => stage.Market.Venue(Venue).ReportLate(Acknowledgements, Fills);
}

/// <summary>The journal cannot be written from now on; a null reason ends it.</summary>
public sealed record JournalFails(string? Reason) : Happening
{
    public override string Text => Reason is null ? "journal can be written again" : $"journal cannot be written: {Reason}";

    internal override void Take(ScenarioStage stage) => stage.Journal.Failure = Reason;
}

/// <summary>Keeps the quotes of this moment under a name, for later comparisons.</summary>
public sealed record MarkQuotes(string Name) : Happening
{
    public override string Text => $"the present quotes are kept as '{Name}'";

    internal override void Take(ScenarioStage stage) => stage.Board.Mark(Name);
}
