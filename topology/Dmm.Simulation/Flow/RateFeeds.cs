using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Simulation;

/// <summary>Publishes the price of TON in USDT every half second, to five decimals.</summary>
internal sealed class ReferenceFeed(JumpDiffusion price, SimulationQueue queue, InputReceiver deliver)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(0.5);

    /// <summary>TON in USDT now.</summary>
    public double Price => price.At(queue.Now);

    /// <summary>Says the first price at once.</summary>
    public void Start()
    {
        deliver(new Input(new ReferenceRate("TON", "USDT", Math.Round((decimal)Price, 5).Canonical(), queue.Now)));
        queue.Schedule(queue.Now + Interval, Start);
    }
}

/// <summary>Publishes what a swap costs in gas every ten seconds, to six decimals of TON.</summary>
internal sealed class GasFeed(GasParameters parameters, SimulationQueue queue, SeededRandom random, InputReceiver deliver)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly Timestamp _start = queue.Now;

    /// <summary>Says the first price at once.</summary>
    public void Start()
    {
        var cost = parameters.TonPerSwap * Math.Exp(parameters.Noise * random.NextGaussian()) * (IsSpike ? parameters.SpikeMultiple : 1);
        deliver(new Input(new GasPrice(Math.Round((decimal)cost, 6).Canonical(), queue.Now)));
        queue.Schedule(queue.Now + Interval, Start);
    }

    private bool IsSpike
    {
        get
        {
            var since = queue.Now - _start - parameters.SpikeAfter;
            return since >= TimeSpan.Zero && since.Ticks % parameters.SpikeEvery.Ticks < parameters.SpikeLasts.Ticks;
        }
    }
}
