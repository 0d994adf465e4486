using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Chain;

/// <summary>Transfers of jettons by the wallets that the recorded traces begin with.</summary>
public sealed class JettonSettlementTests(ITestOutputHelper output)
{
    [Fact]
    public void RecordedTransfers_ArriveWithTheirExactAmounts()
    {
        var (settled, untaxed) = (0, 0);
        foreach (var file in Traces.Files())
        {
            var transactions = Traces.Read(file);
            var trace = new Trace([.. transactions.Select(TraceReaderTests.Told)], TraceFinality.Finalized, IsComplete: true);
            if (transactions.FirstOrDefault(t => t.Came is { Source: null }) is not { } root) continue;
            foreach (var sent in root.Sent)
            {
                if (MessageBodies.Read(sent.Body, out _) is not JettonTransfer transfer) continue;
                var wallet = sent.Destination!;
                if (transactions.FirstOrDefault(t => t.Came?.Hash == sent.Hash)?.Sent is not { } asked) continue;
                if (asked.FirstOrDefault(m => MessageBodies.Read(m.Body, out _) is JettonInternalTransfer) is not { } told) continue;
                var (owner, receiver) = (new JettonHolder(root.Account, wallet), new JettonHolder(transfer.Destination, told.Destination!));
                var settlement = JettonSettlements.Transfer(trace, owner, receiver, transfer.QueryId)!;
                settlement.Kind.ShouldBe(SettlementKind.Settled, file);
                settlement.Asked.ShouldBe(transfer.Amount, file);
                settlement.Settled.ShouldBe(JettonInternalTransfer.Read(told.Body).Amount, file);
                settled++;
                if (settlement.Settled == settlement.Asked) untaxed++;
                JettonSettlements.Transfer(trace, owner, receiver, transfer.QueryId + 1)!.Kind.ShouldBe(SettlementKind.NotSent, file);
            }
        }

        output.WriteLine($"transfers settled {settled}, {untaxed} of them in full");
        (settled, untaxed).ShouldBe((16, 16));
    }
}
