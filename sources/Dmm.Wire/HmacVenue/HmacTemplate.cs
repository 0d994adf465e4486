using System.Collections.Immutable;

namespace Dmm.Wire;

internal enum HmacPart : byte
{
    Literal,
    Timestamp,
    Method,
    Path,
    Query,
    MarkedQuery,
    Body,
    BodyHash,
    Key,
    Window,
}

/// <summary>A prehash template, taken apart.</summary>
internal static class HmacTemplate
{
    public const string Expected = "text with {timestamp}, {method}, {path}, {query}, {?query}, {body}, {bodyhash}, {key} or {window}";

    private static readonly (string Name, HmacPart Part)[] Names =
    [
        ("timestamp", HmacPart.Timestamp), ("method", HmacPart.Method), ("path", HmacPart.Path), ("query", HmacPart.Query), ("?query", HmacPart.MarkedQuery),
        ("body", HmacPart.Body), ("bodyhash", HmacPart.BodyHash), ("key", HmacPart.Key), ("window", HmacPart.Window),
    ];

    /// <summary>The parts in order; false, with the reason, where a brace is open or names nothing known.</summary>
    public static bool TryParse(string template, out ImmutableArray<(HmacPart Part, string Literal)> parts, ref string why)
    {
        var found = ImmutableArray.CreateBuilder<(HmacPart, string)>();
        parts = [];
        for (var at = 0; at < template.Length;)
        {
            var open = template.IndexOf('{', at);
            if (open != at)
            {
                found.Add((HmacPart.Literal, open < 0 ? template[at..] : template[at..open]));
                at = open < 0 ? template.Length : open;
                continue;
            }

            var close = template.IndexOf('}', open);
            var name = close < 0 ? template[(open + 1)..] : template[(open + 1)..close];
            var known = Array.FindIndex(Names, n => n.Name == name);
            if (close < 0 || known < 0)
            {
                why = close < 0 ? "has a brace that is not closed" : $"has {{{name}}}";
                return false;
            }

            found.Add((Names[known].Part, ""));
            at = close + 1;
        }

        parts = found.ToImmutable();
        return true;
    }
}
