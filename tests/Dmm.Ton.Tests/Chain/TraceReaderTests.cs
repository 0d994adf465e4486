using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Chain;

/// <summary>Outcomes of recorded traces of the main network.</summary>
public sealed class TraceReaderTests(ITestOutputHelper output)
{
    [Fact]
    public void EveryRecordedTrace_IsReadAsWhatItsSwapsSay()
    {
        var refunds = 0;
        var kinds = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var file in Traces.Files())
        {
            var transactions = Traces.Read(file);
            var root = transactions.FirstOrDefault(t => t.Came is { Source: null });
            if (root is null) continue;
            var trace = new Trace([.. transactions.Select(Told)], TraceFinality.Finalized, IsComplete: true);
            var outcome = TraceReader.Read(trace, root.Account, root.Sent.Count)!;
            var swaps = outcome.Legs.SelectMany(l => l.Swaps).ToArray();
            foreach (var leg in outcome.Legs)
            {
                if (leg.Swaps.Length > 0) leg.Kind.ShouldBe(leg.Swaps.All(s => s.IsDone) ? TraceKind.Executed : TraceKind.Refunded, file);
            }

            output.WriteLine($"{Path.GetFileName(file)[..8]} {outcome.Kind}, {outcome.Legs.Length} legs, {swaps.Length} pools");
            refunds += outcome.Legs.Count(l => l.Kind == TraceKind.Refunded);
            kinds[outcome.Kind.ToString()] = kinds.GetValueOrDefault(outcome.Kind.ToString()) + 1;
            TraceReader.Read(trace with { IsComplete = false }, root.Account, root.Sent.Count).ShouldBeNull();
            TraceReader.Read(trace with { Finality = TraceFinality.Confirmed }, root.Account, root.Sent.Count).ShouldBeNull();
            TraceReader.Read(trace, root.Account, root.Sent.Count + 1)!.Kind.ShouldBe(
                outcome.Kind is TraceKind.Executed or TraceKind.Partial ? TraceKind.Partial : outcome.Kind == TraceKind.NotSent ? TraceKind.NotSent
                    : TraceKind.Refunded);
        }

        output.WriteLine(string.Join(", ", kinds.Select(k => $"{k.Key} {k.Value}")));
        // Three whose wallet sent nothing, and one whose swap came back while the fee beside it was paid.
        kinds.ShouldBe(new SortedDictionary<string, int> { ["Executed"] = 16, ["NotSent"] = 3, ["Partial"] = 1 });
        refunds.ShouldBe(1);
    }

    internal static TraceTransaction Told(TracedTransaction transaction) => new(
        transaction.Account, 0, 0, 0, transaction.Came is { } came ? Told(came) : null, [.. transaction.Sent.Select(Told)]);

    private static TraceMessage Told(TracedMessage message) => new(
        new Hash256(Convert.FromBase64String(message.Hash)),
        new(
            message.Source is null ? MessageKind.ExternalIn : message.Destination is null ? MessageKind.ExternalOut : MessageKind.Internal,
            message.Source, message.Destination, 0, true, message.IsBounced, null, message.Body),
        0);
}
