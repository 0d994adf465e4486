using System.Diagnostics;
using System.Globalization;
using Dmm.Core;

namespace Dmm.Simulation.Tests.Flow;

public sealed class MakerEconomicsTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("calm")]
    [InlineData("trending")]
    [InlineData("toxic")]
    [InlineData("volatile")]
    [InlineData("thin")]
    [InlineData("gas-spike")]
    public void Measure(string name)
    {
        foreach (var seed in new long[] { 1, 2, 3 })
        {
            PlainMaker? maker = null;
            var watch = Stopwatch.StartNew();
            var (queue, exchange, market) = FlowSamples.Begun(MarketScenarios.Named(name), seed, receive: (in Dmm.Core.Messages.Input i) => maker?.Take(i), start: FlowSamples.At(4 * 3600));
            maker = new(queue, exchange);
            maker.Start();
            var (prices, events) = (new List<double>(), 0);
            while (queue.RunNext(FlowSamples.At(10 * 3600))) events++;
            var fills = maker.Fills.Where(f => f.MarkoutBps is not null).ToArray();
            var volume = fills.Sum(f => f.Quantity);
            var mark = fills.Sum(f => f.Quantity * f.MarkoutBps!.Value) / volume;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name} {seed}: fills/h {fills.Length / 6.0:F1} volume/h {volume / 6:F0} inv {fills.Sum(f => f.Side.Sign() * f.Quantity):F0} markout vw {mark:F2} plain {fills.Average(f => f.MarkoutBps!.Value):F2} pnl/h {volume / 6 * (mark - 2) / 1e4:F2} total/h {(fills.Sum(f => -f.Side.Sign() * f.Quantity * f.Price) + fills.Sum(f => f.Side.Sign() * f.Quantity) * maker.Mid - volume * 2e-4) / 6:F2} invmax {InvMax(fills):F0} empty {maker.EmptyMoments} σT {maker.Volatilities.Skip(200).Average():F1} δ {maker.HalfSpreads.Average():F1} median {maker.HalfSpreads.Order().ElementAt(maker.HalfSpreads.Count / 2):F1} market {maker.MarketSpreads.Average():F1} trades/h {exchange.TradeCount / 6.0:F0} end {market.EfficientPrice:F4} events/h {events / 6} s/h {watch.Elapsed.TotalSeconds / 6:F2}"));
        }
    }

    private static double InvMax(MakerFill[] fills)
    {
        var (q, max) = (0.0, 0.0);
        foreach (var f in fills) max = Math.Max(max, Math.Abs(q += f.Side.Sign() * f.Quantity));
        return max;
    }
}
