using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>How far, how often and for how long the makers of a venue see another price than those of others.</summary>
public sealed record PartingParameters
{
    /// <summary>Most that a venue is away from the efficient price while it is, bps; uniformly up to that, to either side.</summary>
    public double DistanceBps { get; init; } = 30;

    /// <summary>Mean time for which a venue stays where it is, exponentially distributed.</summary>
    public TimeSpan Stay { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Share of the time in which it is away.</summary>
    public double Share { get; init; } = 0.5;

    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within("parting.distanceBps", DistanceBps, 0, 500, "bps");
        faults.Within("parting.stay", Stay, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
        faults.Within("parting.share", Share, 0, 1, "");
    }
}

/// <summary>
/// What the makers of one venue take for the price: the efficient one, and for whiles another. Between venues whose makers do not look at each other
/// books part so far that one's bid stands above another's ask.
/// </summary>
internal sealed class PartedPrice(JumpDiffusion price, PartingParameters parameters, SeededRandom random)
{
    private Timestamp _until = Timestamp.None;
    private double _offsetBps;

    /// <summary>Now; asked for times that do not fall.</summary>
    public double At(Timestamp now)
    {
        // Every venue begins where the others do.
        if (!_until.IsKnown) _until = now + Stay();
        for (; _until <= now; _until += Stay())
            _offsetBps = random.NextBool(parameters.Share) ? parameters.DistanceBps * (2 * random.NextDouble() - 1) : 0;
        return price.At(now) * (1 + _offsetBps * 1e-4);
    }

    private TimeSpan Stay() => TimeSpan.FromSeconds(random.NextExponential(1 / parameters.Stay.TotalSeconds));
}
