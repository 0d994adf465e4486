using System.Collections.Immutable;
using Dmm.Core.Messages;

namespace Dmm.Core.Kernels;

/// <param name="Tripped">Every control that is not at rest, by kind, then by subject in the order of <see cref="TradingStates"/>.</param>
/// <param name="Feeds">The feeds (instruments, reference rates) that this state knows of.</param>
public sealed record TradingStatesState(ImmutableArray<BreakerState> Tripped, ImmutableArray<string> Feeds)
{
    /// <summary>Before any input: halted until every control that needs evidence has had it.</summary>
    public static readonly TradingStatesState Starting = new([VolatilityBreaker.WarmingUp], []);
}

/// <summary>
/// Merges all controls into what may be quoted, instrument by instrument. A subject says what a control reaches:
/// | Subject | Reaches |
/// |---|---|
/// | <c>asset</c> | every instrument |
/// | <c>long</c>, <c>short</c> | every instrument; withholds buys, or sells, while it demands Reducing |
/// | an instrument's name | that instrument |
/// | a venue's name | the venue's instruments |
/// | a reference rate | the instruments quoted in that asset |
/// An instrument's state is the highest demand that reaches it; its multiplier the product of theirs, at most <see cref="MultiplierCap"/>. Halted and
/// Killed withhold both sides. The asset is as free as the freest instrument that is quoted (lowest state, then lowest multiplier, then catalogue
/// order): one stale venue stops that venue, and the asset halts when no venue is left. The answer depends on the latest of each control only, not on
/// the order in which they came.
/// </summary>
public sealed class TradingStates
{
    /// <summary>Largest half-spread multiplier; the model's own cap on the half-spread comes after it.</summary>
    public const double MultiplierCap = 100;

    private static readonly int Kinds = Enum.GetValues<BreakerKind>().Length;

    private readonly ImmutableArray<string> _feeds;
    private readonly ImmutableArray<string> _subjects;
    private readonly ImmutableArray<ImmutableArray<int>> _reach;
    private readonly BreakerState?[] _tripped;
    private readonly int _instrumentCount;
    private readonly ImmutableArray<int> _quoted;

    /// <param name="initial">Controls about a subject that the catalogue no longer has are dropped; a feed it does not know starts halted.</param>
    /// <param name="instruments">Gives instruments, venues and reference rates.</param>
    /// <param name="numeraireAssets">Quote assets that need no reference rate.</param>
    /// <param name="informing">Instruments that are priced from and not quoted, which make the asset no freer; none by default.</param>
    public TradingStates(
        TradingStatesState initial, InstrumentCatalog instruments, ImmutableArray<string> numeraireAssets,
        IReadOnlyCollection<InstrumentId>? informing = null)
    {
        var references = BreakerSubjects.ReferenceAssets(instruments, numeraireAssets);
        ImmutableArray<string> venues = [.. instruments.All.Select(i => i.Venue).Distinct().Order(StringComparer.Ordinal)];
        ImmutableArray<int> all = [.. Enumerable.Range(0, instruments.Count)];
        _instrumentCount = instruments.Count;
        _quoted = informing is null ? all : all.RemoveAll(i => informing.Contains(new(i)));
        if (_quoted.IsEmpty) _quoted = all;
        _feeds = [.. instruments.All.Select(i => i.Name), .. references.Select(BreakerSubjects.Reference)];
        _subjects = [BreakerSubjects.Asset, BreakerSubjects.Long, BreakerSubjects.Short, .. _feeds, .. venues];
        _reach =
        [
            all, all, all,
            .. all.Select(i => ImmutableArray.Create(i)),
            .. references.Select(asset => all.RemoveAll(i => instruments.All[i].QuoteAsset != asset)),
            .. venues.Select(venue => all.RemoveAll(i => instruments.All[i].Venue != venue)),
        ];
        _tripped = new BreakerState?[Kinds * _subjects.Length];
        foreach (var feed in _feeds.Except(initial.Feeds)) Put(StalenessBreaker.AwaitingData(feed));
        foreach (var breaker in initial.Tripped.Where(b => _subjects.Contains(b.Subject))) Put(breaker);
        Status = Merge(null);
    }

    /// <summary>The answer now.</summary>
    public TradingStatus Status { get; private set; }

    public TradingStatesState Capture() => new([.. _tripped.OfType<BreakerState>()], _feeds);

    /// <summary>What may be quoted on that instrument now.</summary>
    public TradingPermission For(InstrumentId instrument) => Status.For(instrument);

    /// <summary>Takes where a control stands; <see cref="Status"/> shows it at once.</summary>
    /// <exception cref="ArgumentException">The subject is unknown, or the multiplier is not a number from 1 up: a defect in the control.</exception>
    public TradingStatus Take(BreakerState breaker)
    {
        if (!_subjects.Contains(breaker.Subject))
            throw new ArgumentException($"{breaker.Kind} is about '{breaker.Subject}': expected one of {string.Join(", ", _subjects)}",
                nameof(breaker));
        if (!(breaker.Multiplier >= 1 && double.IsFinite(breaker.Multiplier)))
            throw new ArgumentException($"{breaker.Kind} asks for a multiplier of {breaker.Multiplier}: expected a number from 1 up",
                nameof(breaker));
        Put(breaker);
        return Status = Merge(Status);
    }

    private void Put(BreakerState breaker)
    {
        var isAtRest = breaker is { Demand: TradingState.Active, Multiplier: 1 };
        _tripped[(int)breaker.Kind * _subjects.Length + _subjects.IndexOf(breaker.Subject)] = isAtRest ? null : breaker;
    }

    private TradingStatus Merge(TradingStatus? before)
    {
        ImmutableArray<TradingPermission> permissions = [.. Enumerable.Range(0, _instrumentCount).Select(i => Permission(Reaching(i)))];
        var freest = _quoted.Select(i => permissions[i]).MinBy(p => (p.State, p.Multiplier));
        var asset = freest with { Reason = Join(_tripped.OfType<BreakerState>()) };
        var isStep = before is not null && before.Asset with { Reason = asset.Reason } != asset;
        return new()
        {
            Asset = asset,
            Instruments = permissions,
            Change = isStep ? new() { From = before!.Asset.State, To = asset.State, Multiplier = asset.Multiplier, Reason = asset.Reason } : null,
        };
    }

    private IEnumerable<BreakerState> Reaching(int instrument)
    {
        for (var slot = 0; slot < _tripped.Length; slot++)
            if (_tripped[slot] is { } breaker && _reach[slot % _subjects.Length].Contains(instrument)) yield return breaker;
    }

    private static TradingPermission Permission(IEnumerable<BreakerState> breakers)
    {
        var (state, multiplier, buys, sells) = (TradingState.Active, 1.0, false, false);
        foreach (var breaker in breakers)
        {
            if (breaker.Demand > state) state = breaker.Demand;
            multiplier *= breaker.Multiplier;
            // A Reducing that names no side leaves none: better no quote than one that accumulates.
            buys |= breaker.Demand >= TradingState.Reducing && (breaker.Demand > TradingState.Reducing || breaker.Subject != BreakerSubjects.Short);
            sells |= breaker.Demand >= TradingState.Reducing && (breaker.Demand > TradingState.Reducing || breaker.Subject != BreakerSubjects.Long);
        }

        return new(state, Math.Min(multiplier, MultiplierCap), buys, sells, Join(breakers));
    }

    private static string Join(IEnumerable<BreakerState> breakers) => string.Join("; ", breakers.Select(b => b.Reason));
}
