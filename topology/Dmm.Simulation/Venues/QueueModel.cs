using System.Globalization;

namespace Dmm.Simulation;

/// <summary>
/// How an order moves up in the queue of its price level, where only the level's size and trades are seen. Trades take from the front; of what else
/// leaves the level a share p leaves from behind us, the rest from in front. Sizes in lots. Models and names follow hftbacktest's.
/// </summary>
public abstract record QueueModel
{
    private static readonly (string Prefix, Func<double, QueueModel> Make)[] Powers =
        [("power-total-", n => new PowerOfTotal(n)), ("power-share-", n => new PowerOfShare(n)), ("power-", n => new Power(n))];

    /// <summary>What <see cref="Parse"/> understands.</summary>
    public const string Names = "risk-averse, power-N, power-total-N, power-share-N (N from 0.1 to 10), log";

    /// <summary>Nothing that leaves untraded stood in front of us: the fewest fills.</summary>
    public static QueueModel RiskAverse { get; } = new FromBehindOnly();

    /// <summary>p = f(back)/(f(back) + f(front)), f(x) = ln(1 + x).</summary>
    public static QueueModel Log { get; } = new Logarithm();

    /// <summary>The model of that name.</summary>
    /// <exception cref="FormatException">The name is not one of <see cref="Names"/>.</exception>
    public static QueueModel Parse(string name)
    {
        if (name == RiskAverse.ToString()) return RiskAverse;
        if (name == Log.ToString()) return Log;
        foreach (var (prefix, make) in Powers)
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal)
                && double.TryParse(name.AsSpan(prefix.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var n)
                && n is >= 0.1 and <= 10)
                return make(n);
        }

        throw new FormatException($"unknown queue model '{name}': expected one of {Names}");
    }

    /// <summary>What stands in front of us after the level's size changed: never below zero, never above the level.</summary>
    /// <param name="front">In front of us before, what was traded already taken off.</param>
    /// <param name="previousLots">Size of the level at the change before.</param>
    /// <param name="lots">Its size now.</param>
    /// <param name="tradedLots">Traded there in between.</param>
    public double AfterChange(double front, long previousLots, long lots, long tradedLots)
    {
        var left = previousLots - tradedLots - lots;
        if (left <= 0 || front <= 0) return Math.Clamp(front, 0, lots);
        // What was traded came off the front, and off the level.
        var back = Math.Max(0, previousLots - tradedLots - front);
        var behind = ShareFromBehind(front, back);
        var after = front - (1 - behind) * left + Math.Min(back - behind * left, 0);
        return Math.Clamp(after, 0, lots);
    }

    /// <summary>p, 0 to 1.</summary>
    /// <param name="front">Above zero.</param>
    /// <param name="back">Zero or above.</param>
    protected abstract double ShareFromBehind(double front, double back);

    private sealed record FromBehindOnly : QueueModel
    {
        public override string ToString() => "risk-averse";

        // Clamped to the level, the front keeps all that can still be there: also where more left than stood behind us.
        protected override double ShareFromBehind(double front, double back) => 1;
    }

    /// <summary>f(x) = xⁿ, p = f(back)/(f(back) + f(front)).</summary>
    private sealed record Power(double N) : QueueModel
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"power-{N}");

        protected override double ShareFromBehind(double front, double back) => Math.Pow(back, N) / (Math.Pow(back, N) + Math.Pow(front, N));
    }

    /// <summary>f(x) = xⁿ, p = f(back)/f(back + front).</summary>
    private sealed record PowerOfTotal(double N) : QueueModel
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"power-total-{N}");

        protected override double ShareFromBehind(double front, double back) => Math.Pow(back / (back + front), N);
    }

    /// <summary>f(x) = xⁿ, p = 1 − f(front/(front + back)).</summary>
    private sealed record PowerOfShare(double N) : QueueModel
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"power-share-{N}");

        protected override double ShareFromBehind(double front, double back) => 1 - Math.Pow(front / (front + back), N);
    }

    private sealed record Logarithm : QueueModel
    {
        public override string ToString() => "log";

        protected override double ShareFromBehind(double front, double back) => Math.Log(1 + back) / (Math.Log(1 + back) + Math.Log(1 + front));
    }
}
