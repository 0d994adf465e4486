namespace Dmm.Pipeline.Running;

/// <summary>An address at which fills are posted, as the command line gives it.</summary>
internal static class WebhookAddress
{
    /// <summary>Null, with a fault, where it is none.</summary>
    public static Uri? Read(string text, List<string> faults)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address is { Scheme: "http", Query: "", UserInfo: "" } && text.EndsWith('/'))
            return address;
        faults.Add($"--webhook is '{text}': expected an address with a slash at its end, such as http://127.0.0.1:8091/fills/");
        return null;
    }

    /// <summary>Addresses by the venues they belong to: <c>NAME=URL</c>, or URL alone for a venue that was given no name.</summary>
    public static Dictionary<string, Uri> ReadAll(IReadOnlyList<string> texts, List<string> faults)
    {
        Dictionary<string, Uri> all = new(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var (name, url) = text.Split('=', 2) is [var given, var address] ? (given, address) : (VenueAccess.StandardName, text);
            if (Read(url, faults) is { } read && !all.TryAdd(name, read)) faults.Add($"--webhook of {name} is given twice: expected one");
        }

        return all;
    }
}
