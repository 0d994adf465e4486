using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>Either the ledger's positions or a venue's own count.</summary>
public readonly record struct DriftInput
{
    public DriftInput(InventorySnapshot inventory) => Inventory = inventory;

    public DriftInput(BalanceReport report) => Report = report;

    public InventorySnapshot? Inventory { get; }

    public BalanceReport? Report { get; }
}

/// <summary>How far the disagreement with one venue has gone.</summary>
public enum DriftLevel : byte
{
    /// <summary>They agree, or fills on their way may still explain what they differ by.</summary>
    Within,

    /// <summary>No fill explained it within the grace: somebody should look.</summary>
    Alarmed,

    /// <summary>It lasts: the venue is not quoted on.</summary>
    Halted,
}

/// <param name="Venues">In ordinal order of their names.</param>
public sealed record DriftBreakerState(ImmutableArray<DriftWatchState> Venues)
{
    public static readonly DriftBreakerState Starting = new([]);
}

/// <summary>
/// A venue's own count of the traded asset (<see cref="BalanceReport"/>) against the ledger's position at its spot markets. What else the account holds
/// is told by the first count that no fill is near: a later one must differ from it by what fills have moved, to one lot.
/// | Event | Behaviour |
/// |---|---|
/// | count that a position held within <see cref="BreakerParameters.DriftGrace"/> explains | agreement |
/// | no position explains the count until the grace after it has passed | a warning: demands nothing yet |
/// | unexplained for <see cref="BreakerParameters.DriftHaltAfter"/> | halts the venue |
/// | a count agrees, or a late fill makes up for all of it | after <see cref="BreakerParameters.RecoverAfter"/> of agreement the venue comes back |
/// Each takes place at that very instant, whether anything arrives or not. Value and threshold are in the base asset.
/// </summary>
public sealed class DriftBreaker : IBreaker<DriftInput, DriftBreakerState>
{
    private readonly InstrumentCatalog _instruments;
    private readonly DriftWatch[] _venues;
    private readonly string _asset;

    public DriftBreaker(DriftBreakerState initial, InstrumentCatalog instruments, BreakerParameters parameters)
    {
        _instruments = instruments;
        _asset = instruments.All[0].BaseAsset;
        _venues =
        [
            .. instruments.All.Where(Counts).GroupBy(i => i.Venue).OrderBy(g => g.Key, StringComparer.Ordinal).Select(venue => new DriftWatch(
                initial.Venues.FirstOrDefault(v => v.Venue == venue.Key) ?? new() { Venue = venue.Key }, venue.Max(i => i.Sizes.Step), parameters)),
        ];
    }

    public DriftBreakerState Capture() => new([.. _venues.Select(v => v.State)]);

    public Timestamp NextDue
    {
        get
        {
            var next = Timestamp.None;
            foreach (var venue in _venues)
                if (venue.NextDue is { IsKnown: true } due && (!next.IsKnown || due < next)) next = due;
            return next;
        }
    }

    public ImmutableArray<BreakerState> Take(in DriftInput input, Timestamp now)
    {
        if (input.Inventory is { } inventory)
        {
            foreach (var venue in _venues) venue.Move(PositionAt(venue.State.Venue, inventory), now);
        }
        else if (input.Report is { } report && report.Asset == _asset)
        {
            foreach (var venue in _venues)
                if (venue.State.Venue == report.Venue) venue.Count(report.Total, now);
        }

        return Elapse(now);
    }

    public ImmutableArray<BreakerState> Elapse(Timestamp now)
    {
        ImmutableArray<BreakerState> changes = [];
        foreach (var venue in _venues)
            if (venue.Elapse(now)) changes = changes.Add(Describe(venue));
        return changes;
    }

    private decimal PositionAt(string venue, InventorySnapshot inventory)
    {
        var sum = 0m;
        foreach (var position in inventory.Positions)
            if (_instruments[position.Instrument] is var instrument && instrument.Venue == venue && Counts(instrument)) sum += position.BaseQuantity;
        return sum;
    }

    // A contract is no holding of its asset.
    private bool Counts(Instrument instrument) => instrument.Kind == ContractKind.Spot && instrument.BaseAsset == _asset;

    private BreakerState Describe(DriftWatch venue)
    {
        var drift = venue.Drift;
        var differs = string.Create(CultureInfo.InvariantCulture,
            $"{venue.State.Venue} counts {Math.Abs(drift):0.########} {_asset} {(drift > 0 ? "more" : "less")} than fills explain");
        return new()
        {
            Kind = BreakerKind.Drift, Subject = venue.State.Venue, Multiplier = 1, Value = (double)Math.Abs(drift),
            Threshold = (double)venue.Tolerance,
            Demand = venue.State.Level == DriftLevel.Halted ? TradingState.Halted : TradingState.Active,
            Reason = venue.State.Level switch
            {
                DriftLevel.Halted => $"{differs}, for too long: quotes are cancelled",
                DriftLevel.Alarmed => differs,
                _ => $"{venue.State.Venue} counts as much {_asset} as fills explain",
            },
        };
    }
}
