using System.Collections.Frozen;
using System.Globalization;
using Dmm.Core;

namespace Dmm.Wire.Bus;

/// <summary>
/// Reads where the brokers are, and how they are spoken to, from one text: <c>host:port,host:port;name=value;…</c>, with names of the client library
/// (librdkafka). A value with a semicolon, or with blanks at its ends, stands in quotes, single or double, in which that quote is written twice.
/// What a fault tells never holds a value, as any may be secret.
/// </summary>
public static class KafkaConnectionString
{
    private const string Protocol = "security.protocol";
    private const string Mechanism = "sasl.mechanism";

    // What is right for each; null where anything is that is not empty.
    private static readonly FrozenDictionary<string, string[]?> Known = new Dictionary<string, string[]?>
    {
        [Protocol] = ["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"],
        [Mechanism] = ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"],
        ["sasl.username"] = null,
        ["sasl.password"] = null,
        ["ssl.ca.location"] = null,
        ["ssl.certificate.location"] = null,
        ["ssl.key.location"] = null,
        ["ssl.key.password"] = null,
        ["ssl.keystore.location"] = null,
        ["ssl.keystore.password"] = null,
        ["ssl.endpoint.identification.algorithm"] = ["https", "none"],
        ["group.protocol"] = ["classic", "consumer"],
        ["fetch.wait.max.ms"] = null,
        ["client.id"] = null,
    }.ToFrozenDictionary();

    /// <summary>Names of settings whose values are paths of files, or of a folder.</summary>
    public static IEnumerable<string> Locations => Known.Keys.Where(name => name.EndsWith(".location", StringComparison.Ordinal));

    /// <exception cref="ParameterException">Names every fault, without any value.</exception>
    public static KafkaOptions Parse(string text)
    {
        List<string> faults = [];
        var parts = Split(text);
        var settings = new Dictionary<string, string>();
        for (var i = 1; i < parts.Count; i++)
        {
            if (parts[i].Trim().Length > 0) Take(parts[i], i, settings, faults);
        }

        Agree(settings, faults);
        var options = new KafkaOptions { Bootstrap = parts[0].Trim(), Client = settings };
        try
        {
            options.Checked();
        }
        catch (ParameterException faulty)
        {
            faults.InsertRange(0, faulty.Faults);
        }

        return faults.Count == 0 ? options : throw new ParameterException("the brokers", faults);
    }

    /// <summary>At semicolons that do not stand in quotes.</summary>
    private static List<string> Split(string text)
    {
        List<string> parts = [];
        for (var start = 0; start <= text.Length;)
        {
            var end = EndOf(text, start);
            parts.Add(text[start..end]);
            start = end + 1;
        }

        return parts;
    }

    /// <summary>Where the part that begins there has its semicolon; else the end of the text.</summary>
    private static int EndOf(string text, int start)
    {
        var end = Semicolon(text, start);
        var value = text.IndexOf('=', start, end - start) + 1;
        if (value == 0) return end;
        while (value < end && text[value] == ' ') value++;
        if (value == end || text[value] is not ('\'' or '"')) return end;
        for (var at = value + 1; at < text.Length; at++)
        {
            if (text[at] != text[value]) continue;
            if (at + 1 == text.Length || text[at + 1] != text[value]) return Semicolon(text, at);
            at++;
        }

        return text.Length;
    }

    private static int Semicolon(string text, int start) => text.IndexOf(';', start) is >= 0 and var at ? at : text.Length;

    private static void Take(string part, int place, Dictionary<string, string> settings, List<string> faults)
    {
        var at = part.IndexOf('=');
        if (at < 0)
        {
            faults.Add($"setting {place} of the brokers has no '=': expected name=value; a value with ';' stands in quotes");
            return;
        }

        var name = part[..at].Trim();
        if (!Known.TryGetValue(name, out var values))
        {
            // What looks like no name may be the rest of a password.
            var shown = name.Contains('.') && name.All(c => char.IsAsciiLetterLower(c) || c == '.') ? $"'{name}'" : $"setting {place} of the brokers";
            faults.Add($"{shown} is not known: expected one of {string.Join(", ", Known.Keys.Order(StringComparer.Ordinal))}");
            return;
        }

        if (Unquoted(part[(at + 1)..].Trim()) is not { Length: > 0 } value)
            faults.Add($"{name} has no value, or its quotes do not end: expected name=value; a quote within quotes is written twice");
        else if (values is not null && !values.Contains(value, StringComparer.OrdinalIgnoreCase))
            faults.Add($"{name} is none of those known: expected {string.Join(", ", values)}");
        else if (name.EndsWith(".ms", StringComparison.Ordinal) && !ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            faults.Add($"{name} is no number of milliseconds: expected 0 to {ushort.MaxValue}");
        else if (!settings.TryAdd(name, value)) faults.Add($"{name} is given twice");
    }

    private static string? Unquoted(string value)
    {
        if (value is not [('\'' or '"') and var quote, ..]) return value;
        if (value.Length < 2 || value[^1] != quote) return null;
        var (inner, twice) = (value[1..^1], $"{quote}{quote}");
        return inner.Replace(twice, "").Contains(quote) ? null : inner.Replace(twice, $"{quote}");
    }

    private static void Agree(Dictionary<string, string> settings, List<string> faults)
    {
        var protocol = settings.GetValueOrDefault(Protocol, "plaintext").ToLowerInvariant();
        var (isSasl, isEncrypted) = (protocol.StartsWith("sasl", StringComparison.Ordinal), protocol.EndsWith("ssl", StringComparison.Ordinal));
        foreach (var name in (ReadOnlySpan<string>)[Mechanism, "sasl.username", "sasl.password"])
        {
            if (isSasl && !settings.ContainsKey(name)) faults.Add($"{Protocol} {protocol} needs {name}");
            if (!isSasl && settings.ContainsKey(name))
                faults.Add($"{name} is of no use with {Protocol} {protocol}: expected sasl_ssl, or sasl_plaintext");
        }

        if (isEncrypted) return;
        foreach (var name in settings.Keys.Where(name => name.StartsWith("ssl.", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            faults.Add($"{name} is of no use with {Protocol} {protocol}: expected ssl, or sasl_ssl");
    }
}
