using Dmm.Wire;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Running;

/// <summary>Which provider of TON is asked. Its key comes from the environment, and goes nowhere else.</summary>
internal static class NodeAccess
{
    /// <summary>Of the provider; without it the public one takes a request a second.</summary>
    public const string KeyVariable = "DMM_TONCENTER_KEY";

    // What a free key allows.
    private static readonly RequestLimits WithKey = new() { PerSecond = 10, Burst = 20, CancelReserve = 2 };

    /// <param name="url">As given on the command line; null for toncenter's own.</param>
    /// <param name="isTestnet">Whose own, where none is given.</param>
    /// <param name="key">Null for access without one.</param>
    /// <param name="faults">Grows by all that is wrong.</param>
    /// <returns>Null where something is.</returns>
    public static NodeOptions? Read(string? url, bool isTestnet, string? key, List<string> faults)
    {
        var before = faults.Count;
        var options = new NodeOptions { ApiKey = key };
        if (key is not null) options = options with { Requests = WithKey };
        if (url is not null) options = options with { Url = Address(url, faults) ?? options.Url };
        else if (isTestnet) options = options with { Url = NodeOptions.TestnetUrl };
        if (key?.Any(c => c is <= ' ' or > '~') == true)
            faults.Add($"{KeyVariable} has blanks or characters beyond ASCII, and no key has them: expected the provider's API key");
        return faults.Count == before ? options.Checked() : null;
    }

    private static Uri? Address(string text, List<string> faults)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url is { Scheme: "http" or "https", AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" })
            return url;
        // Providers take their key in the query, too: what was given is not repeated.
        faults.Add($"--node is no address of a node: expected one such as https://toncenter.com, without path; its key stands in {KeyVariable}");
        return null;
    }
}
