using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Chain;

/// <summary>Every body of the recorded traces, as cells and as what it means.</summary>
public sealed class TraceTests(ITestOutputHelper output)
{
    [Fact]
    public void EveryBody_ReadAndWrittenAgain_HasItsHash()
    {
        var (traces, bodies, sameBytes) = (0, 0, 0);
        foreach (var file in Traces.Files())
        {
            traces++;
            foreach (var message in Traces.Messages(file))
            {
                bodies++;
                message.Body.Hash.ToBase64().ShouldBe(message.BodyHash);
                foreach (var (hasIndex, hasCrc) in new[] { (false, false), (false, true), (true, false), (true, true) })
                    BagOfCells.DeserializeOne(BagOfCells.Serialize(message.Body, hasIndex, hasCrc)).Hash.ToBase64().ShouldBe(message.BodyHash);
                if (BagOfCells.Serialize(message.Body).AsSpan().SequenceEqual(message.BodyBoc)) sameBytes++;
            }
        }

        output.WriteLine($"traces {traces}, bodies {bodies}/{bodies} with their hash, {sameBytes} of them with the indexer's very bytes");
        traces.ShouldBe(21);
        bodies.ShouldBeGreaterThan(250);
    }

    [Fact]
    public void EveryBodyOfAKnownOperation_ReadAndWrittenAgain_IsTheSameCell()
    {
        SortedDictionary<string, int> kinds = [];
        List<string> faults = [];
        var padded = 0;
        foreach (var message in Traces.Files().SelectMany(Traces.Messages))
        {
            // Of a message that came back, the body begins with 32 ones and is cut off.
            if (message.IsBounced || message.Source is null) continue;
            Check(message.Body, MessageBodies.Read(message.Body, out var fault), fault);
            if (Told(message.Body) is { } told) Check(told, MessageBodies.ReadPayload(told, out fault), fault);
        }

        output.WriteLine($"bodies and payloads read as what they mean and written to their own hash: {kinds.Values.Sum()}, {padded} of them padded");
        output.WriteLine(string.Join(", ", kinds.Select(kind => $"{kind.Key} {kind.Value}")));
        faults.ShouldBeEmpty();
        padded.ShouldBe(3);
        string[] seen =
        [
            nameof(DedustDepositEvent), nameof(DedustJettonDeposit), nameof(DedustNativeDeposit), nameof(DedustPayout), nameof(JettonExcesses),
            nameof(JettonInternalTransfer), nameof(JettonNotification), nameof(JettonTransfer), nameof(PtonTransfer), nameof(StonFiV1PayTo),
            nameof(StonFiV1PoolSwap), nameof(StonFiV1Swap), nameof(StonFiV2PayTo), nameof(StonFiV2PoolSwap), nameof(StonFiV2Swap),
            nameof(TextComment),
        ];
        seen.Except(kinds.Keys).ShouldBeEmpty("the traces hold each of these");

        void Check(Cell cell, IMessageBody? read, string fault)
        {
            if (fault.Length > 0) faults.Add(fault);
            if (read is null) return;
            var written = read.ToCell();
            // One wallet writes two zero bits behind a payload of version 1, which nobody reads.
            if (read is StonFiV1Swap && cell.BitsCount == written.BitsCount + 2)
            {
                padded++;
                written = new CellBuilder().StoreCell(written).StoreUInt(0, 2).Build();
            }

            written.Hash.ShouldBe(cell.Hash, read.GetType().Name);
            kinds[read.GetType().Name] = kinds.GetValueOrDefault(read.GetType().Name) + 1;
        }
    }

    private static Cell? Told(Cell body) => MessageBodies.Read(body, out _) switch
    {
        JettonTransfer transfer => transfer.Payload.Cell,
        JettonInternalTransfer transfer => transfer.Payload.Cell,
        JettonNotification notification => notification.Payload.Cell,
        PtonTransfer transfer => transfer.Payload,
        StonFiV2PoolSwap swap => swap.Payload,
        StonFiV2PayTo paid => paid.CustomPayload,
        _ => null,
    };
}
