using System.Globalization;
using System.Text.RegularExpressions;

namespace Dmm.Pipeline.Running;

/// <summary>The folder of one run of the process.</summary>
/// <param name="Number">From 1, rising.</param>
/// <param name="Name">Number and label, as <c>0001-demo</c>: the journal's name in the archive.</param>
/// <param name="Path">The folder.</param>
/// <param name="Ledger">The account whose fills and positions it continues; its own name for a market that began anew.</param>
internal sealed partial record RunFolder(int Number, string Name, string Path, string Ledger)
{
    public string Journal => System.IO.Path.Combine(Path, "journal");

    /// <summary>The run that this folder is of; null for any other folder.</summary>
    public static RunFolder? At(string path)
    {
        var name = System.IO.Path.GetFileName(path);
        if (NamePattern().Match(name) is not { Success: true } match || !Directory.Exists(System.IO.Path.Combine(path, "journal"))) return null;
        var number = int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
        return new(number, name, path, File.ReadAllText(System.IO.Path.Combine(path, "ledger")));
    }

    public static RunFolder Create(string runs, int number, string label, string? ledger)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{number:D4}-{label}");
        if (!NamePattern().IsMatch(name))
            throw new ArgumentException($"'{label}' is no label: expected lower-case letters, digits and hyphens", nameof(label));
        var path = System.IO.Path.Combine(runs, name);
        Directory.CreateDirectory(path);
        File.WriteAllText(System.IO.Path.Combine(path, "ledger"), ledger ?? name);
        // Last: a folder with a journal is a run, whole.
        Directory.CreateDirectory(System.IO.Path.Combine(path, "journal"));
        return new(number, name, path, ledger ?? name);
    }

    [GeneratedRegex("^([0-9]{4,9})-[a-z0-9-]+$")]
    private static partial Regex NamePattern();
}
