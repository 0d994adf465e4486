using Dmm.Core;

namespace Dmm.Simulation;

/// <summary>How far, how often and for how long the makers of a venue see another price than those of others.</summary>
public sealed record PartingParameters
{
    /// <summary>Most that a venue is away from the efficient price while it is, bps; uniformly up to that, to either side.</summary>
    public double DistanceBps { get; init; } = 30;

    /// <summary>How fast it gets there, bps/s: makers who went at once would take each other's ladders and leave the book empty.</summary>
    public double SpeedBps { get; init; } = 20;

    /// <summary>Mean time after which a venue turns to another distance, exponentially distributed.</summary>
    public TimeSpan Stay { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Share of the time in which it is away.</summary>
    public double Share { get; init; } = 0.5;

    public void CollectFaults(ParameterFaults faults)
    {
        faults.Within("parting.distanceBps", DistanceBps, 0, 500, "bps");
        faults.Within("parting.speedBps", SpeedBps, 0.1, 1_000, "bps/s");
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
    private Timestamp _last;
    private double _offsetBps;
    private double _targetBps;

    /// <summary>Now; asked for times that do not fall.</summary>
    public double At(Timestamp now)
    {
        // Every venue begins where the others do.
        if (!_until.IsKnown) (_last, _until) = (now, now + Stay());
        for (; _until <= now; _until += Stay())
        {
            MoveTo(_until);
            _targetBps = random.NextBool(parameters.Share) ? parameters.DistanceBps * (2 * random.NextDouble() - 1) : 0;
        }

        MoveTo(now);
        return price.At(now) * (1 + _offsetBps * 1e-4);
    }

    private void MoveTo(Timestamp at)
    {
        var most = parameters.SpeedBps * (at - _last).TotalSeconds;
        _offsetBps += Math.Clamp(_targetBps - _offsetBps, -most, most);
        _last = at;
    }

    private TimeSpan Stay() => TimeSpan.FromSeconds(random.NextExponential(1 / parameters.Stay.TotalSeconds));
}
