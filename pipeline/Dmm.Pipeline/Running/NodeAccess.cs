using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Running;

/// <summary>Which provider of TON is asked. Its key comes from the environment, and goes nowhere else.</summary>
internal static class NodeAccess
{
    public const string KeyVariable = "DMM_TONCENTER_KEY";

    private const string Example = "expected one such as https://toncenter.com";

    /// <param name="url">As given on the command line; null for toncenter's own.</param>
    /// <param name="isTestnet">Whose own, where none is given.</param>
    /// <param name="key">Null for access without one.</param>
    /// <param name="faults">Grows by all that is wrong.</param>
    /// <returns>Null where something is.</returns>
    public static NodeOptions? Read(string? url, bool isTestnet, string? key, List<string> faults)
    {
        var before = faults.Count;
        var options = new NodeOptions { ApiKey = key };
        if (url is not null) options = options with { Url = Address(url, faults) ?? options.Url };
        else if (isTestnet) options = options with { Url = NodeOptions.TestnetUrl };
        if (key?.Any(c => c is <= ' ' or > '~') == true)
            faults.Add($"{KeyVariable} has blanks or characters beyond ASCII, and no key has them: expected the provider's API key");
        return faults.Count == before ? options.Checked() : null;
    }

    private static Uri? Address(string url, List<string> faults)
    {
        // Providers take their key in the query, too: such an address is not repeated.
        if (url.AsSpan().IndexOfAny("?#@") >= 0)
            faults.Add($"--node holds more than an address: {Example}, with the key in {KeyVariable} in the environment");
        else if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
            faults.Add($"--node '{url}' is no address: {Example}");
        else if (address.AbsolutePath != "/")
            faults.Add($"--node '{url}' has a path: {Example}, behind which the provider has /api/v3");
        else return address;
        return null;
    }
}
