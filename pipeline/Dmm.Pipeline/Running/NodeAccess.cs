using System.Collections.Immutable;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Running;

/// <summary>Which providers of TON are asked. Their keys come from the environment, and go nowhere else.</summary>
internal static class NodeAccess
{
    /// <summary>Of providers of toncenter's kind; without it the public one takes a request a second.</summary>
    public const string KeyVariable = "DMM_TONCENTER_KEY";

    /// <summary>Of providers of TonAPI's kind; without it the public one takes a request in four seconds.</summary>
    public const string TonapiKeyVariable = "DMM_TONAPI_KEY";

    /// <summary>How a provider is named on the command line.</summary>
    public const string Expected = "toncenter:URL or tonapi:URL, a URL alone being of toncenter's kind, and the kind alone the public one; several, "
        + "in the order of preference: one that fails is asked last for a while";

    private static readonly (string Prefix, NodeKind Kind)[] Kinds = [("toncenter", NodeKind.Toncenter), ("tonapi", NodeKind.Tonapi)];

    /// <param name="given">As on the command line; toncenter's own where nothing is.</param>
    /// <param name="isTestnet">Whose own, where no address is given.</param>
    /// <param name="variable">Of the environment; null where it is not set.</param>
    /// <param name="faults">Grows by all that is wrong.</param>
    /// <returns>Checked, in the order of preference; empty where something is wrong.</returns>
    public static ImmutableArray<NodeOptions> Read(
        IReadOnlyList<string> given, bool isTestnet, Func<string, string?> variable, List<string> faults)
    {
        var before = faults.Count;
        var all = ImmutableArray.CreateBuilder<NodeOptions>();
        foreach (var text in given is [] ? [Kinds[0].Prefix] : given)
            if (Read(text, isTestnet, faults) is { } options) all.Add(WithKey(options, variable, faults));
        foreach (var twice in all.GroupBy(options => options.Url).Where(same => same.Count() > 1))
            faults.Add($"--node {twice.Key.Authority} is given twice");
        return faults.Count == before ? [.. all.Select(options => options.Checked())] : [];
    }

    /// <summary>The variable that holds the key of a provider of that kind.</summary>
    public static string VariableOf(NodeKind kind) => kind == NodeKind.Tonapi ? TonapiKeyVariable : KeyVariable;

    private static NodeOptions? Read(string text, bool isTestnet, List<string> faults)
    {
        foreach (var (prefix, kind) in Kinds)
        {
            if (text == prefix) return NodeOptions.Of(kind, isTestnet);
            if (text.StartsWith($"{prefix}:", StringComparison.Ordinal)) return At(text[(prefix.Length + 1)..], kind, isTestnet, faults);
        }

        return At(text, NodeKind.Toncenter, isTestnet, faults);
    }

    private static NodeOptions? At(string text, NodeKind kind, bool isTestnet, List<string> faults)
    {
        var options = NodeOptions.Of(kind, isTestnet);
        if (Uri.TryCreate(text, UriKind.Absolute, out var url)
            && url is { Scheme: "http" or "https", AbsolutePath: "/", Query: "", Fragment: "", UserInfo: "" })
            return options with { Url = url };
        // Providers take their key in the query, too: what was given is not repeated.
        var own = options.Url.GetLeftPart(UriPartial.Authority);
        faults.Add($"--node is no address of a node: expected one such as {own}, without path; its key stands in {VariableOf(kind)}");
        return null;
    }

    private static NodeOptions WithKey(NodeOptions options, Func<string, string?> variable, List<string> faults)
    {
        var name = VariableOf(options.Kind);
        if (variable(name) is not { } key) return options;
        var fault = $"{name} has blanks or characters beyond ASCII, and no key has them: expected the provider's API key";
        if (key.Any(c => c is <= ' ' or > '~') && !faults.Contains(fault)) faults.Add(fault);
        return options.WithKey(key);
    }
}
