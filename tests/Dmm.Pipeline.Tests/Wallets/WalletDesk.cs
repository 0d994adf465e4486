using Dmm.Pipeline.Tests.Commands;
using Dmm.Sinks.Ton;
using Dmm.Testing.Venues;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Tests.Wallets;

/// <summary>A sealed key with its wallet on a fake chain, a jetton in it, and a node that tells of them.</summary>
internal sealed class WalletDesk : IAsyncDisposable
{
    public const ulong Nano = 1_000_000_000;

    public static readonly Address Minter = FakeJetton.At(0xD1);

    // Sealed once: a key's derivation takes its time.
    private static readonly byte[] Seed = [.. Enumerable.Repeat((byte)0x5E, 32)];
    private static readonly byte[] SealedKey = SealedSeed.Seal(Seed, "correct horse");

    private readonly ScratchFolder _folder = new();
    private readonly Ed25519Signer _signer = new(Seed);

    public WalletDesk(int taxBps = 0, Cell? content = null)
    {
        Wallet = new(_signer.PublicKey);
        SecretFile.Create(_folder["wallet.json"], SealedKey);
        File.WriteAllText(_folder["password"], "correct horse\n");
        Chain = new(Wallet);
        Jetton = new(Minter, taxBps, content);
        Jetton.Mint(Wallet.Address, 5_000 * (UInt128)Nano);
        Jetton.Mint(FakeJetton.At(0xEE), 95_000 * (UInt128)Nano);
        Chain.Add(Jetton);
        Node = new(Chain, Wallet) { Contracts = Chain.Ask };
    }

    public WalletV5R1 Wallet { get; }

    public Address Address => Wallet.Address;

    public FakeTonChain Chain { get; }

    public FakeJettonContract Jetton { get; }

    public FakeToncenter Node { get; }

    public string Folder => _folder["data"];

    public string Log => Path.Combine(Folder, "wallets", $"0-{Address.Account}.sends");

    public string[] Options =>
    [
        "--file", _folder["wallet.json"], "--password-file", _folder["password"], "--data", Folder, "--node", $"{Node.Url}",
    ];

    public Task<CommandRun> Run(params string[] arguments) => CommandRun.Of([.. arguments, .. Options]);

    /// <summary>Interrupted as soon as the first batch has been sent.</summary>
    public async Task<CommandRun> RunUntilSent(params string[] arguments)
    {
        using var interruption = new CancellationTokenSource();
        Chain.Interrupted = interruption;
        var run = await CommandRun.Until(interruption.Token, [.. arguments, .. Options]);
        Chain.Interrupted = null;
        return run;
    }

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        _signer.Dispose();
        _folder.Dispose();
    }
}
