using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Wallets;
using Dmm.Sinks.Ton;
using Dmm.Wire;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Pools;

/// <summary>A pool of one exchange on TON that a desk quotes at, with a wallet of its own.</summary>
/// <param name="pools">The exchange's, of which there must be one.</param>
/// <param name="wallet">Opened when its pool is known.</param>
/// <param name="time">The host's clock.</param>
internal sealed class PoolVenueConnection(PoolConnection pools, WalletArguments wallet, TimeProvider time) : IVenueConnection, IDisposable
{
    /// <summary>Requests a second that a swap in flight takes, on top of looks at its pool.</summary>
    public const double RequestsPerSecond = 2;

    private readonly Stack<IDisposable> _owned = [];
    private (IWalletContract Contract, Ed25519Signer Signer, JettonHolder Owner)? _opened;
    private PoolVenue? _venue;
    private HttpClient? _client;

    public string Name => pools.Name;

    public string Address => pools.Address;

    // Another wallet is another account.
    public string Identity => $"{pools.Identity}-{_opened?.Contract.Address.Account}";

    public OrderPathOptions OrderPath { get; } = new();

    /// <summary>A swap in flight cannot be called back: its time, what must have passed for it to be over for certain, and until an indexer tells.</summary>
    public TimeSpan CancelPatience
    {
        get
        {
            var options = new PoolVenueOptions { Venue = Name };
            return options.SwapLifetime + TimeSpan.FromSeconds(options.Sender.ExpiryMarginSeconds) + TimeSpan.FromSeconds(30);
        }
    }

    /// <summary>The base token's tax as it is configured, bps.</summary>
    public int TransferTaxBps { get; set; }

    /// <summary>Told what people should know of swaps.</summary>
    public Action<string> Notice { get; set; } = static _ => { };

    public async Task<ImmutableArray<ListedMarket>> ListAsync(HttpClient client, CancellationToken cancellation)
    {
        var listed = await pools.ListAsync(client, cancellation);
        if (listed is not [var market])
        {
            throw new BadInputException($"--wallet {Name}: the pools {string.Join(", ", listed.Select(m => m.Instrument.Name))} are to be quoted: "
                + "expected one of an exchange");
        }

        var signer = Own(wallet.OpenKey());
        var contract = wallet.Contract(signer.PublicKey);
        var node = pools.Node(client);
        try
        {
            var owner = await new TonContracts(node, time).HolderAsync(pools.Found(market.Instrument).BaseMinter, contract.Address, cancellation);
            _opened = (contract, signer, owner);
        }
        catch (ContractException silent)
        {
            throw new VenueAwayException($"our jetton wallet of {market.Instrument.BaseAsset}: {silent.Message}");
        }

        return [market with { IsQuoted = true }];
    }

    public IOrderVenue Open(HttpClient client, IReadOnlyList<Instrument> instruments)
    {
        var (contract, signer, owner) = _opened!.Value;
        _client = client;
        try
        {
            var log = Own(new SendLogFile(wallet.LogOf(contract.Address)));
            var account = new PoolAccount(instruments[0], pools.Found(instruments[0]), contract, signer, owner.Wallet, log);
            var options = new PoolVenueOptions { Venue = Name, TransferTaxBps = TransferTaxBps }.Checked();
            
            // A turn of the sender asks several things in a row, each of which must have its answer.
            var node = new PatientNode(pools.Node(client), time, static _ => { });
            return _venue = Own(new PoolVenue(options, account, node, time, text => Notice(text)));
        }
        catch (WalletFileException unusable)
        {
            throw new BadInputException(unusable.Message);
        }
    }

    public IDeadManSwitch? DeadMan(IOrderVenue venue) => null;

    public DeskFeed Feed(IOrderVenue venue, IReadOnlyList<Instrument> instruments, string lastTradeId)
    {
        var trading = _venue!;
        var looking = pools.Feed(_client!, instruments, trading.Saw);
        return async (write, cancellation) =>
        {
            // Before the pool is told as connected, by which the account counts as known.
            await trading.TellEndedAsync(lastTradeId, write, cancellation);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Task[] parts = [trading.RunAsync(write, end.Token), looking(write, end.Token)];
            var first = await Task.WhenAny(parts);
            await end.CancelAsync();
            await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await first;
        };
    }

    public void Dispose()
    {
        while (_owned.TryPop(out var owned)) owned.Dispose();
    }

    private T Own<T>(T disposable)
        where T : IDisposable
    {
        _owned.Push(disposable);
        return disposable;
    }
}
