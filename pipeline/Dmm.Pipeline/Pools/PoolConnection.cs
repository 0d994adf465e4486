using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Sinks.Ton;
using Dmm.Sources.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Pools;

/// <summary>Pools of one exchange on TON, as markets of a venue of that name.</summary>
/// <param name="options">Checked.</param>
/// <param name="pools">All of that exchange; one at least.</param>
/// <param name="node">Who is asked about them.</param>
/// <param name="time">The host's clock.</param>
internal sealed class PoolConnection(TonPoolFeedOptions options, ImmutableArray<PoolChoice> pools, PoolNode node, TimeProvider time)
    : IMarketConnection
{
    private ImmutableDictionary<string, FoundPool> _found = ImmutableDictionary<string, FoundPool>.Empty;

    public string Name => options.Venue;

    public string Address => node.Address;

    // Whoever is asked: the pools are the same.
    public string Identity => Name;

    public TonPoolFeedOptions Options => options;

    public int Count => pools.Length;

    public async Task<ImmutableArray<ListedMarket>> ListAsync(HttpClient client, CancellationToken cancellation)
    {
        var asked = new TonPools(node.Asked(client), time);
        var (markets, found, faults) = (ImmutableArray.CreateBuilder<ListedMarket>(), new Dictionary<string, FoundPool>(), new List<string>());
        foreach (var choice in pools)
        {
            try
            {
                var reply = await asked.FindAsync(choice.Exchange, choice.Pool, cancellation);
                if (reply is not VenueReply<FoundPool>.Accepted { Value: var pool }) throw new VenueAwayException(reply.Fault);
                var instrument = PoolInstruments.Of(pool, Name, choice.Asset, new InstrumentId(markets.Count));
                var other = found.GetValueOrDefault(instrument.Symbol);
                if (other is not null) faults.Add($"--pool {Name}:{choice.Pool}: {instrument.Name} is {other.Pool}: expected another name behind =");
                found[instrument.Symbol] = pool;
                markets.Add(new(instrument, MakerFeeBps: 0, TakerFeeBps: 0, IsQuoted: false, options.Ages, pool.Costs));
            }
            catch (FormatException another)
            {
                faults.Add($"--pool {Name}:{choice.Pool}: {another.Message}");
            }
        }

        if (faults.Count > 0) throw new BadInputException(faults);
        _found = found.ToImmutableDictionary();
        return markets.ToImmutable();
    }

    /// <summary>Whoever tells of the chain.</summary>
    public ITonNode Node(HttpClient client) => node.Asked(client);

    /// <summary>The pool that a market of <see cref="ListAsync"/> is.</summary>
    public FoundPool Found(Instrument market) => _found[market.Symbol];

    public DeskFeed Feed(HttpClient client, IReadOnlyList<Instrument> instruments) => Feed(client, instruments, static (_, _) => { });

    /// <summary>As above.</summary>
    /// <param name="client">As above.</param>
    /// <param name="instruments">As above.</param>
    /// <param name="saw">Told each look, with the block that was known before it.</param>
    public DeskFeed Feed(HttpClient client, IReadOnlyList<Instrument> instruments, Action<PoolSight, ChainHead> saw)
    {
        var looks = new PoolLooks(Node(client));
        var head = default(ChainHead);
        TonPoolMarket[] markets = [.. instruments.Select(i => new TonPoolMarket(i, cancellation => LookAsync(Found(i), cancellation)))];
        return (write, cancellation) =>
            new TonPoolFeed(options, markets, HeadAsync, time, Random.Shared.NextDouble, write).RunAsync(cancellation);

        async Task<VenueReply<ChainHead>> HeadAsync(CancellationToken cancellation)
        {
            var reply = await looks.HeadAsync(cancellation);
            if (reply is VenueReply<ChainHead>.Accepted { Value: var told }) head = told;
            return reply;
        }

        async Task<VenueReply<PoolSight>> LookAsync(FoundPool pool, CancellationToken cancellation)
        {
            var reply = await looks.LookAsync(pool, cancellation);
            if (reply is VenueReply<PoolSight>.Accepted { Value: var sight }) saw(sight, head);
            return reply;
        }
    }
}
