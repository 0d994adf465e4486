using System.Numerics;
using Dmm.Core;
using Dmm.Core.Kernels;
using Dmm.Core.Messages;
using Dmm.Wire.Ton;
using static Dmm.Ton.Tests.Swaps.SwapRig;

namespace Dmm.Ton.Tests.Swaps;

/// <summary>Whatever strangers, the chain and crashes do: what was told explains the wallet, to the last unit.</summary>
public sealed class PoolVenueSimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 150;

    [Theory]
    [InlineData(PoolExchange.StonFi)]
    [InlineData(PoolExchange.Dedust)]
    public void EverySeed_FillsAndGasExplainTheWallet_AndNoSwapIsToldTwice(PoolExchange exchange)
    {
        var (fills, failures, restarts) = (0, 0, 0);
        for (var seed = 0; seed < Seeds; seed++)
        {
            var run = Run(exchange, seed);
            (fills, failures, restarts) = (fills + run.Fills, failures + run.Failures, restarts + run.Restarts);
        }

        output.WriteLine($"{exchange}: {Seeds} seeds, {fills} fills, {failures} failed swaps, {restarts} restarts; every wallet explained to the unit");
        (fills > Seeds && failures > Seeds / 4 && restarts > Seeds).ShouldBeTrue();
    }

    private static (int Fills, int Failures, int Restarts) Run(PoolExchange exchange, int seed)
    {
        var chance = new Random(seed);
        // A tax that is kept on both ways of a refund is no part of any fill: that case has no exact account.
        using var rig = new SwapRig(exchange);
        var before = (Ton: rig.Chain.Ton.Nano, rig.Chain.Jettons);
        List<ControlMessage> told = [];
        List<string> quotes = [];
        var restarts = 0;
        for (var second = 0; second < 240; second++)
        {
            Disturb(rig, chance);
            switch (chance.Next(12))
            {
                case 0 or 1 when quotes.Count < 4:
                    var side = chance.Next(2) == 0 ? Side.Buy : Side.Sell;
                    var mid = (double)rig.Chain.Reserves.Quote / (double)rig.Chain.Reserves.Base * 1e9;
                    var id = $"s{seed}x{second}";
                    var isAtOnce = chance.Next(4) == 0;
                    rig.Placed(
                        side, (long)(mid * (1 + side.Sign() * (chance.NextDouble() * 0.04 - 0.01))), 500 + chance.Next(3_000), id,
                        isAtOnce ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancelled);
                    quotes.Add(id);
                    break;
                case 2 when quotes.Count > 0:
                    rig.Cancel(quotes[chance.Next(quotes.Count)]);
                    break;
                case 3 when quotes.Count > 0:
                    rig.Amend(quotes[chance.Next(quotes.Count)], (long)(9_500_000 + chance.NextDouble() * 1_000_000), 400 + chance.Next(2_000));
                    break;
                case 4 when chance.Next(4) == 0:
                    Keep();
                    // "none" is no trade's id: all that ended is told then.
                    rig.Restart(told.OfType<Fill>().Select(f => f.TradeId).LastOrDefault() ?? "none");
                    told.RemoveAll(t => t is FailedSwap f && rig.Told.OfType<FailedSwap>().Any(again => again.SwapId == f.SwapId));
                    quotes.Clear();
                    restarts++;
                    break;
            }

            rig.Pass(1);
            Keep();
            quotes.RemoveAll(q => rig.Open().All(o => o.ClientOrderId != q));
        }

        // What is in flight still ends; then the account must be explained, also by what a process that comes later would be told.
        (rig.Chain.TakesBatches, rig.Chain.LosesMessages) = (true, false);
        foreach (var quote in rig.Open()) rig.Cancel(quote.ClientOrderId);
        for (var i = 0; i < 120 && rig.Open().Count > 0; i++) rig.Pass(1);
        rig.Open().ShouldBeEmpty($"seed {seed}");
        rig.Step();
        Keep();
        var fills = told.OfType<Fill>().ToArray();
        var failed = told.OfType<FailedSwap>().ToArray();
        var ids = fills.Select(f => f.TradeId).Concat(failed.Select(f => f.SwapId)).ToArray();
        ids.Distinct().Count().ShouldBe(ids.Length, $"seed {seed}");
        ids.Length.ShouldBe((int)rig.Chain.Seqno - 1, $"seed {seed}: each number of the wallet is one swap, told once");
        rig.Restart();
        rig.FillsSince("").ShouldBe(fills, $"seed {seed}");
        Units(fills.Sum(f => f.Side.Sign() * f.Quantity)).ShouldBe((BigInteger)rig.Chain.Jettons - (BigInteger)before.Jettons, $"seed {seed}");
        var ton = fills.Sum(f => -f.Side.Sign() * decimal.Round(f.Price * f.Quantity, 9) - f.Fee) - failed.Sum(f => f.Gas);
        Units(ton).ShouldBe((BigInteger)rig.Chain.Ton.Nano - (BigInteger)before.Ton, $"seed {seed}");
        return (fills.Length, failed.Length, restarts);

        void Keep()
        {
            told.AddRange(rig.Told);
            rig.Told.Clear();
        }
    }

    /// <summary>Strangers trade, the chain is busy, messages get lost, the router is out of order.</summary>
    private static void Disturb(SwapRig rig, Random chance)
    {
        if (chance.Next(10) == 0) rig.Chain.TakesBatches = chance.Next(3) != 0;
        if (chance.Next(10) == 0) rig.Chain.LosesMessages = chance.Next(3) == 0;
        if (chance.Next(15) == 0) rig.Chain.RefusesGas = chance.Next(3) == 0;
        if (chance.Next(15) == 0) rig.Chain.SendsNothing = chance.Next(4) == 0;
        if (chance.Next(3) != 0) return;
        var side = chance.Next(2) == 0 ? Side.Buy : Side.Sell;
        var move = rig.Chain.Reserves.Move(side, (BigInteger)(side == Side.Buy ? chance.Next(1, 60) : chance.Next(100, 6_000)) * Nano);
        rig.Chain.Reserves = rig.Chain.Reserves.After(move);
    }

    private static BigInteger Units(decimal tokens) => new(tokens * Nano);
}
