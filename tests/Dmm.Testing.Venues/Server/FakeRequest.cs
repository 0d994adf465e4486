using System.Text;

namespace Dmm.Testing.Venues;

/// <summary>A request as it reached the venue.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Path">Without query.</param>
/// <param name="Query">As it was sent, without question mark.</param>
/// <param name="Headers">Names in any case.</param>
/// <param name="Body">As it was sent.</param>
public sealed record FakeRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>What it asks for; set by the server before anybody sees it.</summary>
    public VenueOperation Operation { get; init; }

    /// <summary>Method and path, as in <c>POST /v1/order</c>.</summary>
    public string Name => $"{Method} {Path}";

    public string Text => Encoding.UTF8.GetString(Body);

    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    /// <summary>A parameter of the query, decoded; null where it is not there.</summary>
    public string? this[string parameter]
    {
        get
        {
            foreach (var part in Query.Split('&', StringSplitOptions.RemoveEmptyEntries))
            {
                var at = part.IndexOf('=');
                var name = at < 0 ? part : part[..at];
                if (Uri.UnescapeDataString(name) == parameter) return at < 0 ? "" : Uri.UnescapeDataString(part[(at + 1)..].Replace('+', ' '));
            }

            return null;
        }
    }

    public override string ToString() => $"{Method} {Path}{(Query.Length > 0 ? "?" : "")}{Query}";
}

/// <summary>An answer of the venue's.</summary>
/// <param name="Status">Of HTTP.</param>
/// <param name="Body">JSON, unless the headers say otherwise.</param>
public sealed record FakeAnswer(int Status, byte[] Body)
{
    public FakeAnswer(int status, string body)
        : this(status, Encoding.UTF8.GetBytes(body))
    {
    }

    /// <summary>Beside type and length of the body, which the server writes.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];
}
