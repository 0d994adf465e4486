using System.Globalization;
using System.Text.RegularExpressions;
using Dmm.Testing;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Chain;

/// <summary>Swaps of the recorded traces, against what the indexer's makers expect of them.</summary>
public sealed partial class StonFiSwapTests(ITestOutputHelper output)
{
    /// <summary>Traces, and what each pool that they go through took and gave; nothing given is an input that went back.</summary>
    [Fact]
    public void EverySwap_IsReadWithItsExactAmounts()
    {
        var expected = Expected("stonfi-swaps.yaml").Concat(Expected("stonfi-v2-swaps.yaml")).ToList();
        expected.Count.ShouldBe(9);
        var (exact, pools) = (0, 0);
        foreach (var (trace, amountIn, amountOut, isRefund) in expected)
        {
            var swaps = Swaps(trace);
            pools += swaps.Count;
            swaps.ShouldNotBeEmpty(trace);
            swaps[0].AmountIn.ShouldBe(amountIn, trace);
            if (isRefund) swaps.ShouldAllBe(swap => !swap.IsDone && swap.AmountOut == 0);
            else swaps[^1].AmountOut.ShouldBe(amountOut, trace);
            // What one pool gives is what the next takes.
            for (var i = 1; i < swaps.Count; i++) swaps[i].AmountIn.ShouldBe(swaps[i - 1].AmountOut, trace);
            exact++;
        }

        output.WriteLine($"swaps decoded exactly {exact}/{expected.Count}, over {pools} pools");
    }

    [Fact]
    public void SwapOverTwoPools_NamesWhatLiesBetween()
    {
        Swaps("00BTqIs6w2qgKXyjfUIwS1WMPbYzWvOn0P16eku_O-4=").Select(s => (s.AmountIn, s.AmountOut))
            .ShouldBe([(7205784725, 37841924), (37841924, 33957063173)]);
        Swaps("TAi-sZDDdv1zFm6RQMu0UmQdYq9_MuNvFBSfSWiqgL4=").Select(s => (s.AmountIn, s.AmountOut))
            .ShouldBe([(25000000000000, 6977305247), (6977305247, 19694057)]);
    }

    [Fact]
    public void SwapWithReferrer_GivesTheReceiversPart()
    {
        var swap = Swaps("utNOlIUjzWv7MRoSUfkjHkBaIg40RkYMLOy9ljAaykQ=").ShouldHaveSingleItem();
        swap.Receiver.ToString().ShouldBe("0:cb1b24891a00b4f8a8c53c119e81f67b17865cd148621a25c82b05ae45afe30c");
        swap.AmountOut.ShouldBe((UInt128)28517149387);
    }

    // The traces of one chain of messages: transactions come in the order of time.
    private static List<StonFiSwap> Swaps(string trace) =>
        [.. Traces.Read(Traces.Named(trace)).Where(t => t.Came is not null)
            .Select(t => StonFiSwap.Read(t.Came!.Body, [.. t.Sent.Select(m => m.Body)])).OfType<StonFiSwap>()];

    // A case's trace, and the first amounts below its incoming and outgoing transfer: the files need no more of YAML than that.
    private static IEnumerable<(string Trace, UInt128 In, UInt128 Out, bool IsRefund)> Expected(string file)
    {
        var text = File.ReadAllText(SharedData.SkipUnlessPresent("data", "ton", file));
        foreach (var part in text.Split("trace-id: ")[1..])
        {
            var incoming = Amount(Incoming().Match(part));
            var outgoing = Amount(Outgoing().Match(part));
            // In one case the input comes back as it was.
            yield return (part[..part.IndexOf('\n')].Trim(), incoming, outgoing, incoming == outgoing);
        }
    }

    private static UInt128 Amount(Match match) => UInt128.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"dex_incoming_transfer:\s+amount: (\d+)")]
    private static partial Regex Incoming();

    [GeneratedRegex(@"dex_outgoing_transfer:\s+amount: (\d+)")]
    private static partial Regex Outgoing();
}
