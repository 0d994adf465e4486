using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Pipeline.Running;
using Dmm.Sources.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Pools;

/// <summary>Pools on TON, as <c>--pool</c>, <c>--node</c> and <c>--poll</c> give them: one venue for each exchange.</summary>
internal static class PoolConnections
{
    /// <summary>Reads them, and adds what is wrong with them to the faults.</summary>
    public static ImmutableArray<PoolConnection> Read(PoolArguments given, List<string> faults, TimeProvider time)
    {
        if (given.Pools.Count == 0)
        {
            if (given.Nodes.Count > 0) faults.Add("--node is of pools: expected --pool");
            if (given.Poll is not null) faults.Add("--poll is of pools: expected --pool");
            if (given.Wallets.Count > 0) faults.Add("--wallet is of pools: expected --pool");
            return [];
        }

        var before = faults.Count;
        PoolChoice[] choices = [.. given.Pools.Select(text => PoolChoice.Read(text, faults)).OfType<PoolChoice>()];
        foreach (var twice in choices.GroupBy(choice => (choice.Exchange, choice.Pool)).Where(same => same.Count() > 1))
            faults.Add($"--pool {PoolInstruments.VenueOf(twice.Key.Exchange)}:{twice.Key.Pool} is given twice");
        var (node, interval) = (NodeOf(given.Nodes, faults, time), IntervalOf(given.Poll, faults));
        if (faults.Count > before || node is null) return [];
        try
        {
            PoolConnection[] all =
            [
                .. choices.GroupBy(choice => choice.Exchange).OrderBy(group => group.Key).Select(group =>
                {
                    var ordinary = new TonPoolFeedOptions { Venue = PoolInstruments.VenueOf(group.Key) };
                    return new PoolConnection((ordinary with { Interval = interval ?? ordinary.Interval }).Checked(), [.. group], node, time);
                }),
            ];
            Require(all, given.Wallets.Count, node, faults);
            return [.. all];
        }
        catch (ParameterException faulty)
        {
            faults.AddRange(faulty.Faults.Select(fault => $"--poll {given.Poll}: {fault}").Distinct());
            return [];
        }
    }

    private static PoolNode? NodeOf(IReadOnlyList<string> given, List<string> faults, TimeProvider time)
    {
        var options = NodeAccess.Read(given, isTestnet: false, StoreAccess.Variable, faults);
        return options.IsEmpty ? null : new(options, time);
    }

    private static TimeSpan? IntervalOf(string? text, List<string> faults)
    {
        if (text is null) return null;
        if (DurationText.TryParse(text, out var interval)) return interval;
        faults.Add($"--poll '{text}' is no length of time: expected {DurationText.Expected}");
        return null;
    }

    /// <summary>What all pools need must be within what the node takes: what is above would only come late.</summary>
    private static void Require(PoolConnection[] all, int wallets, PoolNode node, List<string> faults)
    {
        var needed = all.Sum(connection => connection.Options.RequestsPerSecond(connection.Count)) + wallets * PoolVenueConnection.RequestsPerSecond;
        var (first, allowed) = (node.First, node.First.Requests.PerSecond);
        if (needed <= allowed) return;
        var seconds = Math.Ceiling(10 * needed * all[0].Options.Interval.TotalSeconds / allowed) / 10;
        var otherwise = first.ApiKey is null ? $", or a key in {node.KeyVariable}" : "";
        faults.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"the pools need {needed:0.##} requests a second, and {first.Url.Authority} is asked {allowed:0.##} at most: "
            + $"expected --poll {seconds:0.#}s or more{otherwise}"));
    }
}
