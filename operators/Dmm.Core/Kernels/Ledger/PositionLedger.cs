using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <summary>
/// Positions and money of one traded asset, exact and double-entry: every fill moves amounts between accounts of the same asset, so that the balances
/// of each asset sum to zero. Average cost, fees outside the average; a flip closes one position and opens another. Fills are counted once.
/// </summary>
/// <remarks>
/// A fee is charged where it falls: in the settlement asset it is realised at once; in the base asset of a spot instrument it is a sale of that much
/// at the fill's price whose proceeds pay the fee, so that inventory stays what is held; in a third asset it is changed at the rate given, or, where
/// none is known, kept in its own asset and listed in <see cref="Position.UnconvertedFees"/>. Gas of a swap arrives as the fill's fee, or, where it
/// bought nothing, as a <see cref="FailedSwap"/>, which is realised at once.
/// </remarks>
public sealed class PositionLedger
{
    /// <summary>How many fills are known by trade id; older ones are refused.</summary>
    public const int SeenFillsMaximum = SeenFills.Maximum;

    private readonly InstrumentCatalog _instruments;
    private readonly PositionState[] _positions;
    private readonly AccountBook _accounts;
    private readonly SeenFills _seen;
    private readonly string _baseAsset;
    private decimal _starting;
    private long _applied;
    private long _duplicates;
    private long _refused;

    /// <exception cref="ArgumentException">The state's instruments are not the first ones of the catalogue.</exception>
    public PositionLedger(InstrumentCatalog instruments, PositionLedgerState state)
    {
        var known = state.Positions.Select(p => p.Instrument).ToArray();
        if (!known.SequenceEqual(instruments.All.Take(known.Length).Select(i => i.Name)))
        {
            var listed = string.Join(", ", instruments.All.Select(i => i.Name));
            throw new ArgumentException(
                $"the ledger holds [{string.Join(", ", known)}], which is not how the catalogue begins: [{listed}]", nameof(state));
        }

        _instruments = instruments;
        _positions = [.. state.Positions, .. instruments.All.Skip(known.Length).Select(i => new PositionState { Instrument = i.Name })];
        _accounts = new(state.Balances);
        _seen = new(state.Seen, [.. _positions.Select(p => p.ForgottenUpTo)]);
        (_baseAsset, _starting) = (state.BaseAsset, state.Starting);
        (_applied, _duplicates, _refused) = (state.Applied, state.Duplicates, state.Refused);
    }

    /// <summary>q_total: inventory held, and coins gained, lost or paid in fees, base asset.</summary>
    public decimal Inventory => (_accounts.Of(Account.Inventory, _baseAsset) + _accounts.Of(Account.Cash, _baseAsset)).Canonical();

    /// <summary>
    /// True when the fill's fee is neither in the settlement asset nor in the base asset of a spot instrument, so that it needs a rate.
    /// </summary>
    public bool NeedsFeeRate(Fill fill) => fill.Fee != 0 && FeeKindOf(fill) == FeeKind.ThirdAsset;

    /// <summary>True when the gas of a failed swap is not in the settlement asset, so that it needs a rate.</summary>
    public bool NeedsGasRate(FailedSwap swap) => swap.Gas != 0 && swap.GasAsset != AverageCost.SettlementAsset(_instruments[swap.Instrument]);

    /// <summary>Charges a swap that failed, once.</summary>
    /// <param name="swap">Its gas is not below zero.</param>
    /// <param name="gasRate">Settlement asset for one unit of the gas asset where <see cref="NeedsGasRate"/>; null when not known.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gas is below zero.</exception>
    public FillOutcome Apply(FailedSwap swap, decimal? gasRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(swap.Gas);
        var outcome = _seen.Take(new(swap.Instrument, swap.Side, swap.SwapId, swap.VenueTime));
        switch (outcome)
        {
            case FillOutcome.Duplicate: _duplicates++; break;
            case FillOutcome.OlderThanCursor: _refused++; break;
            default: Post(swap, gasRate); break;
        }

        return outcome;
    }

    /// <summary>Counts a fill, once.</summary>
    /// <param name="fill">In the instrument's own units.</param>
    /// <param name="feeRate">Settlement asset for one unit of the fee asset where <see cref="NeedsFeeRate"/>; null when not known.</param>
    /// <exception cref="ArgumentOutOfRangeException">Price or quantity is not above zero.</exception>
    public FillOutcome Apply(Fill fill, decimal? feeRate)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(fill.Price);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(fill.Quantity);
        var outcome = _seen.Take(new(fill.Instrument, fill.Side, fill.TradeId, fill.VenueTime));
        switch (outcome)
        {
            case FillOutcome.Duplicate: _duplicates++; break;
            case FillOutcome.OlderThanCursor: _refused++; break;
            default:
                _applied++;
                Post(fill, feeRate);
                break;
        }

        return outcome;
    }

    /// <summary>So much more of the base asset is held, or less, that no fill explains: it counts with what there was at the start.</summary>
    public FillOutcome Transfer(decimal quantity)
    {
        _starting = (_starting + quantity).Canonical();
        _accounts.Move(Account.Opening, Account.Inventory, _baseAsset, quantity);
        return FillOutcome.Applied;
    }

    /// <summary>Everything held, as a message.</summary>
    public InventorySnapshot Snapshot(InventoryParameters limits)
    {
        var total = Inventory;
        return new()
        {
            Total = total,
            Starting = _starting,
            InventoryRatio = limits.RatioOf(total),
            Positions = [.. _instruments.All.Select(i => PositionOf(i.Id))],
            AppliedFills = _applied,
            DuplicateFills = _duplicates,
            RefusedFills = _refused,
        };
    }

    public Position PositionOf(InstrumentId id)
    {
        var instrument = _instruments[id];
        var position = _positions[id.Index];
        return new()
        {
            Instrument = id,
            Quantity = position.Quantity.Canonical(),
            BaseQuantity = (instrument.Kind == ContractKind.Inverse ? -position.Basis : position.Quantity * instrument.ContractSize).Canonical(),
            Average = AverageCost.Price(instrument, position.Quantity, position.Basis).Canonical(),
            AllInAverage = AverageCost.Price(instrument, position.Quantity, position.Basis + position.OpenFees).Canonical(),
            Basis = position.Basis.Canonical(),
            RealisedOpen = position.RealisedOpen.Canonical(),
            Realised = (position.RealisedOpen + position.RealisedClosed).Canonical(),
            Fees = position.Fees.Canonical(),
            SettlementAsset = AverageCost.SettlementAsset(instrument),
            UnconvertedFees = position.UnconvertedFees,
        };
    }

    public PositionLedgerState Capture() => new()
    {
        BaseAsset = _baseAsset,
        Starting = _starting,
        Positions = [.. _instruments.All.Select(i => Canonical(_positions[i.Id.Index]) with { ForgottenUpTo = _seen.ForgottenUpTo(i.Id) })],
        Balances = _accounts.Capture(),
        Seen = _seen.Capture(),
        Applied = _applied,
        Duplicates = _duplicates,
        Refused = _refused,
    };

    private void Post(Fill fill, decimal? feeRate)
    {
        var instrument = _instruments[fill.Instrument];
        var settlement = AverageCost.SettlementAsset(instrument);
        var kind = FeeKindOf(fill);
        var fee = kind switch
        {
            FeeKind.Settlement => fill.Fee,
            FeeKind.SpotBase => AverageCost.Rounded(fill.Fee * fill.Price),
            _ => AverageCost.Rounded(fill.Fee * (feeRate ?? 0)),
        };
        Trade(instrument, fill.Side.Sign() * fill.Quantity, fill.Price, fee);
        if (kind != FeeKind.ThirdAsset)
        {
            _accounts.Move(Account.Cash, Account.Fees, settlement, fee);
            if (kind == FeeKind.SpotBase && fill.Fee != 0) Trade(instrument, -fill.Fee, fill.Price, fee: 0);
        }
        else
        {
            PayInThirdAsset(instrument, fill.FeeAsset, fill.Fee, feeRate is null ? null : fee);
        }
    }

    private void Post(FailedSwap swap, decimal? gasRate)
    {
        var instrument = _instruments[swap.Instrument];
        var settlement = AverageCost.SettlementAsset(instrument);
        decimal? cost = swap.GasAsset == settlement ? swap.Gas : gasRate is { } rate ? AverageCost.Rounded(swap.Gas * rate) : null;
        ref var position = ref _positions[swap.Instrument.Index];
        position = AverageCost.Charge(position, cost ?? 0);
        if (swap.GasAsset == settlement) _accounts.Move(Account.Cash, Account.Fees, settlement, swap.Gas);
        else PayInThirdAsset(instrument, swap.GasAsset, swap.Gas, cost);
    }

    /// <summary>Changes a fee into the settlement asset, or, where it is not known what it is worth there, keeps it as it is.</summary>
    private void PayInThirdAsset(Instrument instrument, string asset, decimal amount, decimal? worth)
    {
        if (worth is { } settled)
        {
            _accounts.Move(Account.Cash, Account.Exchange, asset, amount);
            _accounts.Move(Account.Exchange, Account.Fees, AverageCost.SettlementAsset(instrument), settled);
            return;
        }

        _accounts.Move(Account.Cash, Account.Fees, asset, amount);
        ref var position = ref _positions[instrument.Id.Index];
        position = position with { UnconvertedFees = Add(position.UnconvertedFees, asset, amount) };
    }

    private void Trade(Instrument instrument, decimal change, decimal price, decimal fee)
    {
        ref var position = ref _positions[instrument.Id.Index];
        (position, var (opened, released, gain)) = AverageCost.Trade(position, instrument, change, price, fee);

        var (settlement, payer) = (AverageCost.SettlementAsset(instrument), instrument.Kind == ContractKind.Spot ? Account.Cash : Account.Credit);
        var baseChange = instrument.Kind == ContractKind.Inverse ? released - opened : change * instrument.ContractSize;
        _accounts.Move(Account.Market, Account.Inventory, instrument.BaseAsset, baseChange);
        _accounts.Move(payer, Account.Cost, settlement, opened);
        _accounts.Move(Account.Cost, payer, settlement, released);
        _accounts.Move(Account.Realised, Account.Cash, settlement, gain);
    }

    private FeeKind FeeKindOf(Fill fill)
    {
        var instrument = _instruments[fill.Instrument];
        if (fill.FeeAsset == AverageCost.SettlementAsset(instrument)) return FeeKind.Settlement;
        return instrument.Kind == ContractKind.Spot && fill.FeeAsset == instrument.BaseAsset ? FeeKind.SpotBase : FeeKind.ThirdAsset;
    }

    private static ImmutableArray<AssetAmount> Add(ImmutableArray<AssetAmount> fees, string asset, decimal amount) => fees.Any(f => f.Asset == asset)
        ? [.. fees.Select(f => f.Asset == asset ? f with { Amount = (f.Amount + amount).Canonical() } : f)]
        : [.. fees.Append(new(asset, amount.Canonical())).OrderBy(f => f.Asset, StringComparer.Ordinal)];

    private static PositionState Canonical(PositionState position) => position with
    {
        Quantity = position.Quantity.Canonical(),
        Basis = position.Basis.Canonical(),
        OpenFees = position.OpenFees.Canonical(),
        RealisedOpen = position.RealisedOpen.Canonical(),
        RealisedClosed = position.RealisedClosed.Canonical(),
        Fees = position.Fees.Canonical(),
    };

    private enum FeeKind : byte
    {
        Settlement,
        SpotBase,
        ThirdAsset,
    }
}
