using System.Globalization;
using System.Text.RegularExpressions;
using Dmm.Testing;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Chain;

/// <summary>Deposits of the recorded traces, against what the indexer's makers expect of them.</summary>
public sealed partial class DedustDepositTests(ITestOutputHelper output)
{
    [Fact]
    public void EveryDepositThatCameThrough_IsReadWithTheLiquidityItMade()
    {
        var text = File.ReadAllText(SharedData.SkipUnlessPresent("data", "ton", "dedust-liquidities.yaml"));
        var (exact, none) = (0, 0);
        foreach (var part in text.Split("trace-id: ")[1..])
        {
            var trace = part[..part.IndexOf('\n')].Trim(' ', '"');
            var made = Minted().Matches(part).Select(m => UInt128.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
            var events = Traces.Messages(Traces.Named(trace))
                .Select(m => MessageBodies.Read(m.Body, out _)).OfType<DedustDepositEvent>().ToList();
            events.Select(e => e.Liquidity).ShouldBe(made, trace);
            foreach (var deposit in events)
            {
                exact++;
                // What was there before is not negative.
                deposit.Reserve0.ShouldBeGreaterThanOrEqualTo(deposit.Amount0);
                deposit.Reserve1.ShouldBeGreaterThanOrEqualTo(deposit.Amount1);
            }

            if (events.Count == 0) none++;
        }

        output.WriteLine($"deposits decoded exactly {exact}/5; {none} traces without one (first halves, and rejected ones)");
        (exact, none).ShouldBe((5, 3));
    }

    [GeneratedRegex(@"lp_tokens_minted: (\d+)")]
    private static partial Regex Minted();
}
