using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>Either the ledger's positions, or a control message: a venue's own count.</summary>
public readonly record struct DriftInput
{
    public DriftInput(InventorySnapshot inventory) => Inventory = inventory;

    public DriftInput(ControlMessage message) => Message = message;

    public InventorySnapshot? Inventory { get; }

    /// <summary>Null when these are positions.</summary>
    public ControlMessage? Message { get; }
}

/// <summary>How far the disagreement with one venue has gone.</summary>
public enum DriftLevel : byte
{
    /// <summary>They agree, or fills on their way may still explain what they differ by.</summary>
    Within,

    /// <summary>No fill explained it within the grace: somebody should look.</summary>
    Alarmed,

    /// <summary>It lasts: the venue, or the contract, is not quoted on.</summary>
    Halted,
}

/// <param name="Venues">In ordinal order of their names.</param>
public sealed record DriftBreakerState(ImmutableArray<DriftWatchState> Venues)
{
    public static readonly DriftBreakerState Starting = new([]);

    /// <summary>How much more is held, below zero for less, once that is accepted; 0 where nothing differs, or nobody answers for it.</summary>
    public decimal Accepted(CountAcceptance acceptance) =>
        IsAccountable(acceptance) && Venues.FirstOrDefault(v => v.Venue == acceptance.Subject) is { } watch ? watch.Drift : 0;

    internal static bool IsAccountable(CountAcceptance acceptance) =>
        !string.IsNullOrWhiteSpace(acceptance.Operator) && !string.IsNullOrWhiteSpace(acceptance.Reason);
}

/// <summary>
/// A venue's own count against the ledger: of the traded asset (<see cref="BalanceReport"/>) against the position at its spot markets, and of each
/// contract (<see cref="PositionReport"/>) against the position there, which is no holding of the asset. What else the account holds is told by the
/// first count that no fill is near: a later one must differ from it by what fills have moved, to one lot.
/// | Event | Behaviour |
/// |---|---|
/// | count that a position held within <see cref="BreakerParameters.DriftGrace"/> explains | agreement |
/// | no position explains the count until the grace after it has passed | a warning: demands nothing yet |
/// | unexplained for <see cref="BreakerParameters.DriftHaltAfter"/> | halts the venue, or the contract |
/// | a count agrees, or a late fill makes up for all of it | after <see cref="BreakerParameters.RecoverAfter"/> of agreement it comes back |
/// | an operator accepts the count, with a name and a reason | what it differs by counts as held from then on, and it comes back at once |
/// Each takes place at that very instant, whether anything arrives or not. Value and threshold are in the base asset.
/// </summary>
public sealed class DriftBreaker : IBreaker<DriftInput, DriftBreakerState>
{
    private readonly string[] _subjects;
    private readonly DriftWatch[] _watches;
    private readonly string _asset;

    public DriftBreaker(DriftBreakerState initial, InstrumentCatalog instruments, BreakerParameters parameters)
    {
        _asset = instruments.All[0].BaseAsset;
        _subjects = [.. instruments.All.Select(i => i.BaseAsset != _asset ? "" : i.Kind == ContractKind.Spot ? i.Venue : i.Name)];
        _watches =
        [
            .. instruments.All.Where(i => i.BaseAsset == _asset).GroupBy(i => _subjects[i.Id.Index])
                .OrderBy(counted => counted.Key, StringComparer.Ordinal).Select(counted => new DriftWatch(
                    initial.Venues.FirstOrDefault(v => v.Venue == counted.Key) ?? new() { Venue = counted.Key }, counted.Max(Lot), parameters)),
        ];
    }

    public DriftBreakerState Capture() => new([.. _watches.Select(v => v.State)]);

    public Timestamp NextDue
    {
        get
        {
            var next = Timestamp.None;
            foreach (var watch in _watches)
                if (watch.NextDue is { IsKnown: true } due && (!next.IsKnown || due < next)) next = due;
            return next;
        }
    }

    public ImmutableArray<BreakerState> Take(in DriftInput input, Timestamp now)
    {
        if (input.Inventory is { } inventory)
        {
            foreach (var watch in _watches) watch.Move(PositionAt(watch.State.Venue, inventory), now);
        }
        else if (input.Message is BalanceReport balance && balance.Asset == _asset)
        {
            Watch(balance.Venue)?.Count(balance.Total, now);
        }
        else if (input.Message is PositionReport position)
        {
            Watch(_subjects[position.Instrument.Index])?.Count(position.Quantity, now);
        }

        else if (input.Message is CountAcceptance acceptance && DriftBreakerState.IsAccountable(acceptance)
            && Watch(acceptance.Subject) is { } accepted && accepted.Accept())
        {
            return [Describe(accepted, $"{accepted.State.Venue}'s count is accepted by {acceptance.Operator}: {acceptance.Reason}"), .. Elapse(now)];
        }

        return Elapse(now);
    }

    public ImmutableArray<BreakerState> Elapse(Timestamp now)
    {
        ImmutableArray<BreakerState> changes = [];
        foreach (var watch in _watches)
            if (watch.Elapse(now)) changes = changes.Add(Describe(watch));
        return changes;
    }

    private DriftWatch? Watch(string subject) => Array.Find(_watches, watch => watch.State.Venue == subject);

    private decimal PositionAt(string subject, InventorySnapshot inventory)
    {
        var sum = 0m;
        foreach (var position in inventory.Positions)
            if (_subjects[position.Instrument.Index] == subject) sum += position.BaseQuantity;
        return sum;
    }

    private static decimal Lot(Instrument instrument) => instrument.Kind == ContractKind.Linear ? instrument.Sizes.Step * instrument.ContractSize
        : instrument.Sizes.Step;

    private BreakerState Describe(DriftWatch watch, string? reason = null)
    {
        var drift = watch.Drift;
        var differs = string.Create(CultureInfo.InvariantCulture,
            $"{watch.State.Venue} counts {Math.Abs(drift):0.########} {_asset} {(drift > 0 ? "more" : "less")} than fills explain");
        return new()
        {
            Kind = BreakerKind.Drift, Subject = watch.State.Venue, Multiplier = 1, Value = (double)Math.Abs(drift),
            Threshold = (double)watch.Tolerance,
            Demand = watch.State.Level == DriftLevel.Halted ? TradingState.Halted : TradingState.Active,
            Reason = reason ?? watch.State.Level switch
            {
                DriftLevel.Halted => $"{differs}, for too long: quotes are cancelled",
                DriftLevel.Alarmed => differs,
                _ => $"{watch.State.Venue} counts as much {_asset} as fills explain",
            },
        };
    }
}
