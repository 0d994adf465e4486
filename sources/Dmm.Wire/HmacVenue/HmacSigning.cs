using Dmm.Core;

namespace Dmm.Wire;

public enum HmacHash : byte
{
    Sha256,
    Sha512,
}

public enum HmacEncoding : byte
{
    /// <summary>Lower-case hexadecimal.</summary>
    Hex,
    Base64,
}

/// <summary>How a request's time stamp is written.</summary>
public enum HmacTimeUnit : byte
{
    /// <summary>Unix time in seconds.</summary>
    Seconds,

    /// <summary>Unix time in milliseconds.</summary>
    Milliseconds,

    /// <summary>ISO 8601 in UTC with milliseconds: <c>2024-08-08T23:54:15.030Z</c>.</summary>
    Iso8601,
}

/// <summary>How a venue wants its requests signed.</summary>
public sealed record HmacSigning
{
    /// <summary>
    /// What is signed, with these in braces: <c>timestamp</c>, <c>method</c> (upper case), <c>path</c>, <c>query</c>, <c>?query</c> (with its
    /// question mark,
    /// nothing when empty), <c>body</c>, <c>bodyhash</c> (its hash, lower-case hexadecimal, as Gate wants it), <c>key</c>, <c>window</c>
    /// (receive window in
    /// milliseconds). The rest is taken as it stands.
    /// </summary>
    public string Prehash { get; init; } = "{timestamp}{method}{path}{?query}{body}";

    public HmacHash Hash { get; init; } = HmacHash.Sha256;

    public HmacEncoding Encoding { get; init; } = HmacEncoding.Hex;

    public HmacTimeUnit TimeUnit { get; init; } = HmacTimeUnit.Milliseconds;

    public string KeyHeader { get; init; } = "X-API-KEY";

    public string TimestampHeader { get; init; } = "X-API-TIMESTAMP";

    public string SignatureHeader { get; init; } = "X-API-SIGNATURE";

    internal void CollectFaults(ParameterFaults faults)
    {
        var why = "";
        if (!HmacTemplate.TryParse(Prehash, out _, ref why)) faults.Require("signing.prehash", holds: false, why, HmacTemplate.Expected);
        faults.Require(
            "signing.prehash", Prehash.Contains("{timestamp}") || Prehash.Contains("{query}") || Prehash.Contains("{?query}"), $"is '{Prehash}'",
            "a {timestamp}, or a query that holds one: an unsigned time can be replayed for ever");
        foreach (var (name, header) in new[] { ("keyHeader", KeyHeader), ("timestampHeader", TimestampHeader), ("signatureHeader", SignatureHeader) })
            faults.Require($"signing.{name}", header.Length > 0 && header.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'), $"is '{header}'", "a header's name");
    }
}
