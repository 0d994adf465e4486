using Dmm.Sinks.Ton;
using Dmm.Testing.Venues;
using Dmm.Wire.Ton;
using static Dmm.Testing.Venues.FakeJetton;

namespace Dmm.Ton.Tests.Nodes;

/// <summary>The contract, kept by TonAPI's client.</summary>
public sealed class TonapiContractTests : NodeContract
{
    private readonly FakeTonapi _server;

    public TonapiContractTests()
    {
        _server = new(Simulated, Wallet);
        var options = NodeOptions.Of(NodeKind.Tonapi, isTestnet: false) with
        {
            Url = _server.Url, Requests = new() { PerSecond = 1_000, Burst = 1_000, CancelReserve = 2 },
        };
        Node = TonapiNode.Of(Client, options.Checked(), TimeProvider.System);
    }

    private protected override ITonNode Node { get; }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _server.DisposeAsync();
    }

    private protected override void Answer(Address contract, string method, params StackItem[] items) =>
        _server.Answer(contract, method, [], items);

    private protected override void Hold(Address owner, Address master, UInt128 amount)
    {
        _server.Answer(master, JettonMethods.WalletAddress, [StackItem.Slice(owner)], StackItem.Slice(At(0x77)));
        _server.Answer(
            At(0x77), JettonMethods.WalletData, [], Number(amount), StackItem.Slice(owner), StackItem.Slice(master),
            new StackItem(StackKind.Cell, Cell.Empty.ToBase64()));
    }

    private protected override void Fail(int status, string? body) => _server.Fault = (_, _) => body is null ? null : (status, body);
}
