using System.Globalization;
using System.Text.Json.Nodes;
using Dmm.Sinks.Ton;
using Dmm.Testing.Venues;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Nodes;

/// <summary>The contract, kept by toncenter's client.</summary>
public sealed class ToncenterContractTests : NodeContract
{
    private readonly FakeToncenter _server;

    public ToncenterContractTests()
    {
        _server = new(Simulated, Wallet);
        Node = ToncenterNode.Of(
            Client, new NodeOptions { Url = _server.Url, Requests = new() { PerSecond = 1_000, Burst = 1_000, CancelReserve = 2 } }.Checked(),
            TimeProvider.System);
    }

    private protected override ITonNode Node { get; }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _server.DisposeAsync();
    }

    private protected override void Answer(Address contract, string method, params StackItem[] items) =>
        _server.Answer(contract, method, [], items);

    private protected override void Hold(Address owner, Address master, UInt128 amount) => _server.JettonRows.Add(new JsonObject
    {
        ["owner"] = owner.ToString(), ["jetton"] = master.ToString(), ["balance"] = amount.ToString(CultureInfo.InvariantCulture),
    });

    private protected override void Fail(int status, string? body) => _server.Fault = (_, _) => body is null ? null : (status, body);
}
