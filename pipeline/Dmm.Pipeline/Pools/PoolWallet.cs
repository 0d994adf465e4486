using System.Globalization;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Wallets;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Pools;

/// <summary>
/// The wallet that trades at an exchange's pool, as <c>--wallet</c> names it: <c>stonfi=FILE</c>, with <c>#2</c> behind it for another than the first
/// of the key's wallets. Each exchange has a wallet of its own: what it holds is that venue's.
/// </summary>
/// <param name="Exchange">Whose pool.</param>
/// <param name="File">The sealed key.</param>
/// <param name="Number">Of the wallets that the key rules.</param>
internal sealed record PoolWallet(PoolExchange Exchange, string File, int Number)
{
    private const string Expected = "EXCHANGE=FILE, EXCHANGE one of stonfi, dedust, with #NUMBER behind it for another of the key's wallets";
    private const int NumberMax = 0x7FFF;

    /// <summary>Reads all, and adds what is wrong with them to the faults.</summary>
    public static IReadOnlyList<PoolWallet> ReadAll(IReadOnlyList<string> texts, List<string> faults)
    {
        List<PoolWallet> all = [.. texts.Select(text => Read(text, faults)).OfType<PoolWallet>()];
        foreach (var same in all.GroupBy(w => w.Exchange).Where(g => g.Count() > 1))
            faults.Add($"--wallet of {PoolInstruments.VenueOf(same.Key)} is given twice");
        foreach (var shared in all.GroupBy(w => (Path.GetFullPath(w.File), w.Number)).Where(g => g.Select(w => w.Exchange).Distinct().Count() > 1))
        {
            faults.Add($"--wallet {shared.First().File} is of two exchanges: expected one of its own for each, such as "
                + $"{PoolInstruments.VenueOf(shared.Last().Exchange)}={shared.First().File}#{shared.Key.Number + 1}");
        }

        return all;
    }

    /// <param name="passwordFile">Holds the password of the file; null where the environment does.</param>
    /// <param name="data">The data folder.</param>
    public WalletArguments Arguments(string? passwordFile, string data) => new()
    {
        File = File, PasswordFile = passwordFile, Number = Number, Data = data, Variable = StoreAccess.Variable,
    };

    private static PoolWallet? Read(string text, List<string> faults)
    {
        if (text.Split('=', 2) is not [var name, { Length: > 0 } rest] || PoolChoice.ExchangeOf(name) is not { } exchange)
        {
            faults.Add($"--wallet '{text}' names no wallet of an exchange: expected {Expected}");
            return null;
        }

        var at = rest.LastIndexOf('#');
        if (at < 0) return new(exchange, rest, Number: 0);
        if (at > 0 && int.TryParse(rest.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= NumberMax)
            return new(exchange, rest[..at], number);
        faults.Add(string.Create(CultureInfo.InvariantCulture, $"--wallet '{text}': expected a number from 0 to {NumberMax} behind #"));
        return null;
    }
}
