using System.Collections.Immutable;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Scenarios;
using Dmm.Pipeline.Screen;
using Dmm.Topology;
using Dmm.Topology.Engine;
using Dmm.Wire;

namespace Dmm.Pipeline.Running;

/// <summary>Where a desk begins: where its journal ends, or with what its account holds.</summary>
internal sealed record DeskStart
{
    /// <summary>Of our client order ids: orders that begin so are ours, whichever process placed them.</summary>
    public const string Session = "live";

    public required InstrumentCatalog Instruments { get; init; }

    public required QuotingParameters Parameters { get; init; }

    public required EngineStart Engine { get; init; }

    public required RunIdentity Identity { get; init; }

    public required OrderIdState Ids { get; init; }

    /// <summary>Fills that are counted, or were had before the ledger began.</summary>
    public required ImmutableArray<SeenFill> Seen { get; init; }

    /// <summary>Orders that an earlier process placed and that have not ended, as far as it had heard.</summary>
    public required IReadOnlyList<LiveOrder> Orders { get; init; }

    /// <summary>What an earlier process left; null when this is the first.</summary>
    public required RecoveredDesk? Recovered { get; init; }

    // A pool is a block a second or so, and each swap at an old price costs gas.
    private static readonly TimeSpan PoolRefresh = TimeSpan.FromSeconds(2);

    // Epochs of a first start count seconds from here: above what any start before it had, though nothing of that is left.
    private static readonly Timestamp EpochsBegan = Timestamp.From(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>
    /// The least epoch of a desk of which no journal tells: one before it, whose journal was lost, had a lower one, so that no order id comes again.
    /// Each ownership lasts for a second at least.
    /// </summary>
    public static int EpochWithoutJournal(Timestamp now) => (int)Math.Clamp((now - EpochsBegan).TotalSeconds, 1, int.MaxValue / 2);

    /// <summary>How the screen stands as it begins.</summary>
    public DeskOpening Opening => Recovered is null
        ? DeskOpening.Fresh(Engine.At)
        : new(Engine.At, new PositionLedger(Instruments, Recovered.Ledger).Snapshot(Parameters.Inventory),
            StateSet.Read<TradingStatesState>(Engine.States, "trading-states"), Recovered.Orders.Live);

    /// <summary>The topology of a run, as it is derived again.</summary>
    public static QuotingTopology Topology(RunHeader run) => new(run.Instruments, run.Parameters, OrderIdState.Fresh(Session, epoch: 0), run.Mode);

    /// <summary>
    /// A venue's trade id behind which no fill is missing: of the last one that is so much older than the newest, because a stream may have lost one before
    /// that until the sweep finds it. Fills told twice count once. Empty for all that the venue keeps.
    /// </summary>
    /// <param name="venue">Its name.</param>
    /// <param name="overlap">Above two sweeps for fills.</param>
    public string LastTradeId(string venue, TimeSpan overlap)
    {
        SeenFill[] there = [.. Seen.Where(seen => Instruments[seen.Instrument].Venue == venue)];
        return there is [.., var newest] ? there.LastOrDefault(seen => newest.VenueTime - seen.VenueTime >= overlap, there[0]).TradeId : "";
    }

    public QuotingTopology Topology(QuotingParameters parameters) => new(Instruments, parameters, Ids, TradingMode.Live);

    /// <summary>What an earlier process left in that journal; null when there is none.</summary>
    /// <param name="journal">Its writer is ours.</param>
    /// <param name="place">What it is called in words, for the message.</param>
    /// <exception cref="BadInputException">It is damaged, or was written by code that comes to other results.</exception>
    public static RecoveredDesk? Recover(IJournalReader journal, string place)
    {
        try
        {
            return RecoveredDesk.From(journal, Topology);
        }
        catch (Exception unusable) when (unusable is JournalException or ReplayDivergedException or EngineFaultException or JsonException
            or InvalidOperationException or ParameterException)
        {
            throw new BadInputException($"{place} cannot be continued: {unusable.Message}; move it away to begin with what the account holds, "
                + "latches and profit then begin anew");
        }
    }

    /// <summary>Goes on where the journal ends.</summary>
    /// <param name="recovered">By the journal.</param>
    /// <param name="listed">The markets as the venues list them now.</param>
    /// <param name="configured">The configured parameters; the starting inventory stays that of the ledger.</param>
    /// <param name="epoch">Fencing epoch of this process, above all before.</param>
    /// <param name="now">The host's time.</param>
    /// <exception cref="BadInputException">The markets are others than those of the journal, or are listed otherwise.</exception>
    public static DeskStart Continued(RecoveredDesk recovered, ImmutableArray<Instrument> listed, QuotingParameters configured, int epoch, Timestamp now)
    {
        if (Difference(recovered.Run.Instruments.All, listed) is { } difference)
            throw new BadInputException($"{difference}: name another folder by --data, which begins with what the accounts hold");
        var ledger = recovered.Ledger;
        // A transfer that was accepted meanwhile is in the ledger, and no change of the configuration.
        var before = Configurations.Identity(From(configured, recovered.Run.Parameters.Inventory.Starting), TradingMode.Live);
        // What was changed while it ran stays in force, unless the process is started with another configuration than the last.
        var parameters = From(before.ConfigurationHash == recovered.Run.ConfigurationHash ? recovered.Parameters : configured, ledger.Starting);
        var identity = Configurations.Identity(From(configured, ledger.Starting), TradingMode.Live) with
        {
            JournalBegan = recovered.Run.JournalBegan,
        };
        return new()
        {
            Instruments = recovered.Run.Instruments, Parameters = parameters, Engine = recovered.Resume(now, epoch), Identity = identity,
            Ids = OrderIdState.Fresh(Session, epoch), Seen = ledger.Seen,
            Orders = recovered.Orders.Live.Orders, Recovered = recovered,
        };
    }

    private static QuotingParameters From(QuotingParameters parameters, decimal starting) =>
        parameters with { Inventory = parameters.Inventory with { Starting = starting } };

    /// <summary>Begins with what the accounts hold; fills they had before are not ours to count.</summary>
    /// <param name="markets">As the venues report them, with nothing of ours open.</param>
    /// <param name="configured">The configured parameters.</param>
    /// <param name="epoch">Fencing epoch of this process.</param>
    /// <param name="now">The host's time.</param>
    /// <exception cref="ParameterException">The parameters do not go with the market.</exception>
    public static DeskStart Opened(ImmutableArray<QuotedMarket> markets, QuotingParameters configured, int epoch, Timestamp now)
    {
        var instruments = new InstrumentCatalog(markets.Select(m => m.Instrument));
        var starting = markets.Sum(market => market.Held);
        var parameters = From(configured, starting).Validated(instruments);
        var ids = OrderIdState.Fresh(Session, epoch);
        var start = EngineStart.Fresh(now, new QuotingTopology(instruments, parameters, ids, TradingMode.Live));
        ImmutableArray<SeenFill> seen =
        [
            .. markets.Where(m => m.LastFill is not null)
                .Select(m => new SeenFill(m.Instrument.Id, m.LastFill!.Side, m.LastFill.TradeId, m.LastFill.VenueTime)),
        ];
        if (!seen.IsEmpty)
        {
            var ledger = StateSet.Read<PositionLedgerState>(start.States, "positions");
            start = start with { States = StateSet.With(start.States, "positions", ledger with { Seen = seen }) };
        }

        return new()
        {
            Instruments = instruments, Parameters = parameters, Engine = start,
            Identity = Configurations.Identity(parameters, TradingMode.Live), Ids = ids,
            Seen = seen, Orders = [], Recovered = null,
        };
    }

    /// <summary>The DCT set with what the venues told of their markets, and what was set on the command line over it.</summary>
    /// <exception cref="BadInputException">Names every setting that is at fault.</exception>
    public static QuotingParameters Configured(ImmutableArray<ListedMarket> markets, IEnumerable<ParameterSetting> settings)
    {
        var instruments = new InstrumentCatalog(markets.Select(m => m.Instrument));
        var parameters = QuotingParameters.Dct(markets.Select(market =>
        {
            var venue = new VenueParameters
            {
                Instrument = market.Instrument.Name, MakerFeeBps = market.MakerFeeBps, TakerFeeBps = market.TakerFeeBps, IsQuoted = market.IsQuoted,
                StaleWidenAfter = market.Ages?.WidenAfter, StaleCancelAfter = market.Ages?.CancelAfter, Pool = market.Pool,
            };
            return market.Instrument.IsPool ? venue with { RefreshInterval = PoolRefresh } : venue;
        }));
        List<string> faults = [];
        foreach (var setting in settings)
        {
            try
            {
                parameters = ParameterPaths.Setter(setting.Path, [setting.Value], instruments)(parameters);
            }
            catch (FormatException fault)
            {
                faults.Add($"--set {setting.Path}={setting.Value}: {fault.Message}");
            }
        }

        return faults.Count == 0 ? parameters.Validated(instruments) : throw new BadInputException(faults);
    }

    /// <summary>How the markets differ from those of a journal, in words; null when they do not.</summary>
    private static string? Difference(ImmutableArray<Instrument> known, ImmutableArray<Instrument> listed)
    {
        if (!known.Select(i => i.Name).SequenceEqual(listed.Select(i => i.Name)))
            return $"the journal is of {string.Join(", ", known.Select(i => i.Name))}, not of {string.Join(", ", listed.Select(i => i.Name))}";
        for (var i = 0; i < known.Length; i++)
            if (known[i] != listed[i]) return $"{known[i].Name} is listed otherwise than in the journal ({known[i]}, now {listed[i]})";
        return null;
    }
}
