using Dmm.Core;

namespace Dmm.Wire.Ton;

/// <summary>How a provider is asked.</summary>
public enum NodeKind : byte
{
    Toncenter,
    Tonapi,
}

/// <summary>A provider of access to TON.</summary>
public sealed record NodeOptions
{
    private static readonly NodeOptions Toncenter = new();

    private static readonly NodeOptions Tonapi = new()
    {
        Kind = NodeKind.Tonapi, Name = "tonapi", Url = new("https://tonapi.io"),
        Requests = new() { PerSecond = 0.25, Burst = 4, CancelReserve = 2 },
    };

    /// <summary>The public provider of that kind, without a key.</summary>
    public static NodeOptions Of(NodeKind kind, bool isTestnet) => kind switch
    {
        NodeKind.Tonapi => isTestnet ? Tonapi with { Url = new("https://testnet.tonapi.io") } : Tonapi,
        _ => isTestnet ? Toncenter with { Url = new("https://testnet.toncenter.com") } : Toncenter,
    };

    public NodeKind Kind { get; init; }

    /// <summary>In messages and metrics.</summary>
    public string Name { get; init; } = "toncenter";

    public Uri Url { get; init; } = new("https://toncenter.com");

    /// <summary>Null for access without one. Goes into a header and into no text.</summary>
    public string? ApiKey { get; init; }

    /// <summary>
    /// What the provider allows: toncenter one a second without a key and ten with a free one, TonAPI one in four seconds and one a second.
    /// </summary>
    public RequestLimits Requests { get; init; } = new() { PerSecond = 1, Burst = 4, CancelReserve = 2 };

    /// <summary>After that long without an answer another provider is asked.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The same with a key, within what a free one allows.</summary>
    public NodeOptions WithKey(string key) => this with
    {
        ApiKey = key,
        Requests = Kind == NodeKind.Tonapi ? new() { PerSecond = 1, Burst = 4, CancelReserve = 2 } : new() { PerSecond = 10, Burst = 20, CancelReserve = 2 },
    };

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
