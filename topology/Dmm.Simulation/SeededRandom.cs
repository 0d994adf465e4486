using System.Numerics;

namespace Dmm.Simulation;

/// <summary>
/// Chance as a function of a seed: xoshiro256** (Blackman and Vigna 2018), seeded by SplitMix64. The same seed gives the same numbers on every
/// machine.
/// </summary>
public sealed class SeededRandom
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;
    private double? _spareGaussian;

    public SeededRandom(long seed)
    {
        var mixer = (ulong)seed;
        (_a, _b, _c, _d) = (Mix(ref mixer), Mix(ref mixer), Mix(ref mixer), Mix(ref mixer));
    }

    /// <summary>A stream of its own for one part of a simulation, so that a change in one part does not shift the chances of the others.</summary>
    /// <param name="seed">Of the whole simulation.</param>
    /// <param name="name">Names the part; equal names give equal streams.</param>
    public static SeededRandom For(long seed, string name)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in name) hash = (hash ^ letter) * 1099511628211UL;
        return new(seed ^ (long)hash);
    }

    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), in steps of 2⁻⁵³.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="bound"/>).</summary>
    public int NextInt(int bound) => (int)(NextDouble() * bound);

    public bool NextBool(double probability) => NextDouble() < probability;

    /// <summary>Waiting time of a Poisson process with that rate, in the rate's unit of time.</summary>
    public double NextExponential(double rate) => -Math.Log(1 - NextDouble()) / rate;

    /// <summary>Standard normal, by Marsaglia's polar method.</summary>
    public double NextGaussian()
    {
        if (_spareGaussian is { } spare)
        {
            _spareGaussian = null;
            return spare;
        }

        double x, y, square;
        do
        {
            (x, y) = (2 * NextDouble() - 1, 2 * NextDouble() - 1);
            square = x * x + y * y;
        }
        while (square is >= 1 or 0);
        var factor = Math.Sqrt(-2 * Math.Log(square) / square);
        _spareGaussian = y * factor;
        return x * factor;
    }

    private static ulong Mix(ref ulong state)
    {
        var z = state += 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
