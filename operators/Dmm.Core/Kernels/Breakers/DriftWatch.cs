using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Dmm.Core.Kernels;

/// <summary>A position that was held until then.</summary>
public readonly record struct FormerPosition(Timestamp Until, decimal Quantity);

/// <summary>What the watch of one venue, or of one contract, knows. Amounts are of the base asset.</summary>
public sealed record DriftWatchState
{
    /// <summary>The venue's name, or a contract's, which is another.</summary>
    public required string Venue { get; init; }

    /// <summary>The ledger's position there.</summary>
    public decimal Position { get; init; }

    /// <summary>Positions held within the last grace, oldest first.</summary>
    public ImmutableArray<FormerPosition> Former { get; init; } = [];

    /// <summary>What the account holds beside the ledger's position; null while that is not known.</summary>
    public decimal? Holding { get; init; }

    /// <summary>The venue's latest count; null before the first, and once it has been explained.</summary>
    public decimal? Counted { get; init; }

    /// <summary>When the venue first counted what nothing explains; none while they agree. Before the holding is known: when it counted.</summary>
    public Timestamp OffSince { get; init; }

    /// <summary>The lowest position that the latest count may have been made at.</summary>
    public decimal Lowest { get; init; }

    /// <summary>The highest one.</summary>
    public decimal Highest { get; init; }

    public DriftLevel Level { get; init; }

    /// <summary>Since when they agree again, while the level is not back yet.</summary>
    public Timestamp CalmSince { get; init; }

    /// <summary>By how much the latest count differs from the nearest position that could explain it; 0 when it is explained.</summary>
    [JsonIgnore]
    public decimal Drift => this is { Counted: { } counted, Holding: { } holding }
        ? Math.Min(counted - holding - Lowest, 0) + Math.Max(counted - holding - Highest, 0)
        : 0;
}

/// <summary>The watch of one count: see <see cref="DriftBreaker"/>.</summary>
internal sealed class DriftWatch(DriftWatchState initial, decimal tolerance, BreakerParameters parameters)
{
    public DriftWatchState State { get; private set; } = initial;

    public decimal Tolerance => tolerance;

    /// <inheritdoc cref="DriftWatchState.Drift"/>
    public decimal Drift => State.Drift;

    public Timestamp NextDue => State switch
    {
        { OffSince.IsKnown: true, Level: DriftLevel.Halted } => Timestamp.None,
        { OffSince.IsKnown: true, Level: DriftLevel.Alarmed } => State.OffSince + parameters.DriftHaltAfter,
        { OffSince.IsKnown: true } => State.OffSince + parameters.DriftGrace,
        { CalmSince.IsKnown: true } => State.CalmSince + parameters.RecoverAfter,
        _ => Timestamp.None,
    };

    /// <summary>The ledger's position is this from now on.</summary>
    public void Move(decimal position, Timestamp now)
    {
        if (position == State.Position) return;
        State = State with { Former = [.. Recent(now), new(now, State.Position)], Position = position };
        if (State is not { Counted: { } counted, OffSince.IsKnown: true }) return;
        if (State.Holding is not { } holding)
        {
            // A fill so near leaves open whether the count had it: the next count will do.
            State = State with { Counted = null, OffSince = Timestamp.None };
            return;
        }

        // Within the grace the count may have been made at any position; later only a fill that makes up for all of it explains it.
        if (State.Level == DriftLevel.Within)
            State = State with { Lowest = Math.Min(State.Lowest, position), Highest = Math.Max(State.Highest, position) };
        if (Drift.IsWithin(tolerance) || (counted - holding - position).IsWithin(tolerance)) Agree(now);
    }

    /// <summary>The venue counted so much.</summary>
    public void Count(decimal total, Timestamp now)
    {
        State = State with { Former = Recent(now), Counted = total };
        if (State.Holding is null)
        {
            State = State.Former.IsEmpty ? State with { OffSince = now } : State with { Counted = null, OffSince = Timestamp.None };
            return;
        }

        var (lowest, highest) = (State.Position, State.Position);
        foreach (var former in State.Former) (lowest, highest) = (Math.Min(lowest, former.Quantity), Math.Max(highest, former.Quantity));
        State = State with { Lowest = lowest, Highest = highest };
        if (Drift.IsWithin(tolerance)) Agree(now);
        else State = State with { OffSince = State.OffSince.IsKnown ? State.OffSince : now, CalmSince = Timestamp.None };
    }

    /// <summary>What it differs by counts as held from now on; true when the level changed.</summary>
    public bool Accept()
    {
        var drift = Drift;
        if (drift == 0 || State.Holding is not { } holding) return false;
        var wasOff = State.Level != DriftLevel.Within;
        State = State with
        {
            Holding = holding + drift, Counted = null, OffSince = Timestamp.None, CalmSince = Timestamp.None, Level = DriftLevel.Within,
        };
        return wasOff;
    }

    /// <summary>What fell due; true when the level changed.</summary>
    public bool Elapse(Timestamp now)
    {
        if (NextDue is not { IsKnown: true } due || now < due) return false;
        if (State.Holding is null)
        {
            State = State with { Holding = State.Counted - State.Position, Counted = null, OffSince = Timestamp.None };
            return false;
        }

        State = State.OffSince.IsKnown
            ? State with { Level = State.Level == DriftLevel.Within ? DriftLevel.Alarmed : DriftLevel.Halted }
            : State with { Level = DriftLevel.Within, CalmSince = Timestamp.None };
        return true;
    }

    private void Agree(Timestamp now) => State = State with
    {
        Counted = null, OffSince = Timestamp.None,
        CalmSince = State.Level == DriftLevel.Within ? Timestamp.None : State.CalmSince.IsKnown ? State.CalmSince : now,
    };

    private ImmutableArray<FormerPosition> Recent(Timestamp now) => State.Former.RemoveAll(former => now - former.Until >= parameters.DriftGrace);
}

internal static class DecimalTolerance
{
    public static bool IsWithin(this decimal difference, decimal tolerance) => Math.Abs(difference) <= tolerance;
}
