using System.Formats.Tar;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Dmm.Testing;

namespace Dmm.Wire.Tests;

/// <summary>
/// The venue's documented messages, as a client library collected them: the JSON of the replies, and what a socket says behind <c>&lt;</c> and
/// <c>=</c>.
/// Read in place.
/// </summary>
internal static partial class BybitFixtures
{
    private const string Root = "Bybit.UnitTests/";

    /// <summary>By path, such as <c>Endpoints/V5Api/Trading/GetOrders</c>: the file's text.</summary>
    public static Dictionary<string, string> Read()
    {
        Dictionary<string, string> files = new(StringComparer.Ordinal);
        using var archive = new GZipStream(
            File.OpenRead(SharedData.SkipUnlessPresent("data", "fixtures", "Bybit.Net-fixtures.tar.gz")), CompressionMode.Decompress);
        using var reader = new TarReader(archive);
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is not { } data || !entry.Name.Contains("/V5", StringComparison.Ordinal)) continue;
            using var text = new StreamReader(data);
            files[entry.Name[(entry.Name.IndexOf(Root, StringComparison.Ordinal) + Root.Length)..^".txt".Length]] = text.ReadToEnd();
        }

        return files;
    }

    /// <summary>The body of a reply: what follows the lines with method, path and whether it is signed.</summary>
    public static string Body(string file) => Placed(file[file.IndexOf('{')..]);

    /// <summary>What the venue says to a login or a subscription.</summary>
    public static IEnumerable<string> Answers(string file) =>
        file.Split('\n').Where(line => line.StartsWith("< ", StringComparison.Ordinal)).Select(line => Placed(line[2..].Trim()));

    /// <summary>What the venue then sends.</summary>
    public static string Frame(string file) => Placed(file[(file.IndexOf("\n=", StringComparison.Ordinal) + 2)..].Trim());

    /// <summary>The example's client order ids are others': put ours there, or nothing of it would be read.</summary>
    public static string Ours(string json) => ClientOrderId().Replace(json, "\"orderLinkId\": \"fx1\"");

    private static string Placed(string json) => Placeholder().Replace(json, "7");

    [GeneratedRegex("\"orderLinkId\": *\"[^\"]*\"")]
    private static partial Regex ClientOrderId();

    [GeneratedRegex(@"\|[a-z0-9_*]+\|")]
    private static partial Regex Placeholder();
}
