using Dmm.Core;

namespace Dmm.Wire.Ton;

/// <summary>A provider of access to TON.</summary>
public sealed record NodeOptions
{
    /// <summary>Toncenter's own, for the test network.</summary>
    public static readonly Uri TestnetUrl = new("https://testnet.toncenter.com");

    /// <summary>In messages and metrics.</summary>
    public string Name { get; init; } = "toncenter";

    public Uri Url { get; init; } = new("https://toncenter.com");

    /// <summary>Null for access without one, at one request a second. Goes into a header and into no text.</summary>
    public string? ApiKey { get; init; }

    /// <summary>What the provider allows: one a second without a key, ten with a free one.</summary>
    public RequestLimits Requests { get; init; } = new() { PerSecond = 1, Burst = 4, CancelReserve = 2 };

    /// <summary>After that long without an answer another provider is asked.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <exception cref="ParameterException">Names every fault.</exception>
    public NodeOptions Checked()
    {
        var faults = new ParameterFaults();
        faults.Within("node.timeout", Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        Requests.CollectFaults(faults, "node.requests");
        faults.ThrowIfAny($"node {Name}");
        return this;
    }

    /// <summary>Never the key.</summary>
    public override string ToString() => $"{Name} at {Url}{(ApiKey is null ? "" : ", with a key")}";
}
