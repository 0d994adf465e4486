using System.Collections.Immutable;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Sinks.Ton;
using Dmm.Wire;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Wallets;

/// <summary>Which wallet is meant, what opens it, and who tells of the chain: as they were given. No record, whose text would hold secrets.</summary>
internal sealed class WalletArguments
{
    public const string V5R1 = "v5r1", V4R2 = "v4r2";

    // A node of one's own has no limits of a provider; a client that asks in a loop is held all the same.
    private static readonly RequestLimits OwnNode = new() { PerSecond = 50, Burst = 100, CancelReserve = 2 };

    /// <summary>The sealed key.</summary>
    public required string File { get; init; }

    /// <summary>Null where the environment has the password.</summary>
    public string? PasswordFile { get; init; }

    public string Version { get; init; } = V5R1;

    /// <summary>Of the wallets that one key rules.</summary>
    public int Number { get; init; }

    public bool IsTestnet { get; init; }

    /// <summary>The data folder, whose <c>wallets/</c> holds what the wallet was told to send.</summary>
    public string Data { get; init; } = DataFolder.DefaultPath;

    /// <summary>Providers in the order of preference; toncenter's own where there is none.</summary>
    public IReadOnlyList<string> Nodes { get; init; } = [];

    /// <summary>Of the environment, which has their keys.</summary>
    public required Func<string, string?> Variable { get; init; }

    /// <summary>The wallet of a key.</summary>
    public IWalletContract Contract(Hash256 key) => Version == V4R2
        ? new WalletV4R2(key, walletId: WalletV4R2.DefaultWalletId + (uint)Number)
        : new WalletV5R1(key, walletId: WalletV5R1.WalletId(IsTestnet ? WalletV5R1.TestnetId : WalletV5R1.MainnetId, workchain: 0, Number));

    /// <summary>Where the wallet's sender keeps what it must not forget.</summary>
    public string LogOf(Address wallet) => Path.Combine(DataFolder.WalletsOf(Data), $"{wallet.Workchain}-{wallet.Account}.sends");

    /// <exception cref="BadInputException">The file or its password cannot be used.</exception>
    public Ed25519Signer OpenKey() => WalletAccess.Open(File, PasswordFile);

    /// <exception cref="BadInputException">Names every fault of addresses and keys.</exception>
    public ImmutableArray<NodeOptions> OpenNodes()
    {
        List<string> faults = [];
        var nodes = NodeAccess.Read(Nodes, IsTestnet, Variable, faults);
        if (faults.Count > 0) throw new BadInputException(faults);
        return [.. nodes.Select(node => node.Url.IsLoopback ? node with { Requests = OwnNode } : node)];
    }

    /// <summary>An address as given on the command line, in any form.</summary>
    /// <param name="option">Its name, for the fault.</param>
    /// <param name="text">What was given.</param>
    /// <exception cref="BadInputException">It is none, or one of the other network.</exception>
    public Address Read(string option, string text)
    {
        if (!Address.TryParse(text, out var address, out var form, out var fault)) throw new BadInputException($"{option} {fault}");
        return form is not { IsTestOnly: true } || IsTestnet
            ? address!
            : throw new BadInputException(
                $"{option} '{text}' is of the test network: expected an address of the main network, or --testnet beside it");
    }
}
