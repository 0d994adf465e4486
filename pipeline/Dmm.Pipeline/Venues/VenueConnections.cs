using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Pools;
using Dmm.Pipeline.Running;
using Dmm.Wire;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Venues;

/// <summary>The venues of a desk, as the command line and the environment give them.</summary>
internal static class VenueConnections
{
    /// <param name="venues">As given.</param>
    /// <param name="dedicated">Names of venues whose accounts nobody else trades on.</param>
    /// <param name="webhooks">Where generic venues post our fills, each an address or <c>NAME=ADDRESS</c>.</param>
    /// <param name="pools">Pools on TON: those with a wallet are quoted, the others priced from.</param>
    /// <param name="wallets">What opens the wallets: the file of their password, null for the environment, and the data folder.</param>
    /// <param name="faults">Grows by all that is wrong; then what is returned is of no use.</param>
    /// <param name="ofTheSimulation">Options given beside them that mean nothing here.</param>
    /// <param name="time">The host's clock.</param>
    public static ImmutableArray<IConnection> Read(
        IReadOnlyList<string> venues, IReadOnlyList<string> dedicated, IReadOnlyList<string> webhooks, PoolArguments pools,
        (string? PasswordFile, string Data) wallets, IEnumerable<string> ofTheSimulation, List<string> faults, TimeProvider time)
    {
        faults.AddRange(ofTheSimulation.Select(name => $"{name} belongs to the simulated market: --venue has one of its own"));
        var generic = Generic([.. venues.Where(text => !ExchangeChoice.IsMeant(text))], faults);
        generic = Posting(generic, WebhookAddress.ReadAll(webhooks, faults), faults);
        var connections = ImmutableArray.CreateBuilder<IConnection>();
        foreach (var text in venues)
        {
            if (!ExchangeChoice.IsMeant(text))
            {
                if (generic.Length > 0) connections.Add(new HmacConnection(generic[connections.Count(c => c is HmacConnection)], time));
                continue;
            }

            var before = faults.Count;
            if (ExchangeChoice.Read(text, faults) is not { } choice) continue;
            try
            {
                var isDedicated = dedicated.Contains(Exchanges.VenueOf(choice.Kind));
                if (Connect(choice, isDedicated, faults, time) is { } connection && faults.Count == before) connections.Add(connection);
            }
            catch (Exception faulty) when (faulty is ParameterException or ArgumentException)
            {
                faults.AddRange((faulty is ParameterException all ? all.Faults : [faulty.Message]).Select(fault => $"--venue '{text}': {fault}"));
            }
        }

        IConnection[] watched = [.. Pools(pools, wallets, faults, time)];
        foreach (var name in watched.Select(w => w.Name).Intersect(connections.Select(c => c.Name)))
            faults.Add($"a --venue is called '{name}', as pools of that kind are: expected another name");
        foreach (var name in connections.GroupBy(c => c.Name).Where(same => same.Count() > 1).Select(same => same.Key))
            faults.Add($"--venue {name} is given twice: expected all its symbols behind one, with commas");
        connections.AddRange(watched);
        var quoted = connections.OfType<IVenueConnection>().Select(c => c.Name).ToArray();
        foreach (var name in dedicated.Except(quoted))
            faults.Add($"--dedicated '{name}' is none of the venues: expected one of {string.Join(", ", quoted.DefaultIfEmpty("none"))}");
        if (quoted is [] && faults.Count == 0)
            faults.Add($"--venue {string.Join(", ", venues)} is priced from and not quoted: expected a venue to quote on beside it");
        return connections.ToImmutable();
    }

    /// <summary>Pools: with a wallet to be quoted at, without to be priced from.</summary>
    private static IEnumerable<IConnection> Pools(
        PoolArguments given, (string? PasswordFile, string Data) wallets, List<string> faults, TimeProvider time)
    {
        var (pools, trading) = (PoolConnections.Read(given, faults, time), PoolWallet.ReadAll(given.Wallets, faults));
        foreach (var wallet in trading.Where(w => !pools.IsEmpty && pools.All(p => p.Name != PoolInstruments.VenueOf(w.Exchange))))
            faults.Add($"--wallet of {PoolInstruments.VenueOf(wallet.Exchange)}: expected a --pool of that exchange");
        foreach (var pool in pools)
        {
            if (trading.FirstOrDefault(w => PoolInstruments.VenueOf(w.Exchange) == pool.Name) is not { } wallet) yield return pool;
            else if (pool.Count == 1) yield return new PoolVenueConnection(pool, wallet.Arguments(wallets.PasswordFile, wallets.Data), time);
            else faults.Add($"--wallet of {pool.Name}: {pool.Count} pools of it are given: expected one, whose quotes the wallet carries out");
        }
    }

    /// <summary>The same, listening where they post our fills.</summary>
    private static ImmutableArray<HmacVenueOptions> Posting(
        ImmutableArray<HmacVenueOptions> generic, Dictionary<string, Uri> webhooks, List<string> faults)
    {
        var names = generic.Select(v => v.Venue).ToArray();
        foreach (var name in webhooks.Keys.Except(names).Order(StringComparer.Ordinal))
            faults.Add($"--webhook of {name} belongs to none of the venues given by address: expected one of {string.Join(", ", names.DefaultIfEmpty("none"))}");
        return [.. generic.Select(v => webhooks.TryGetValue(v.Venue, out var address) ? (v with { Webhook = address }).Checked() : v)];
    }

    private static ImmutableArray<HmacVenueOptions> Generic(IReadOnlyList<string> addresses, List<string> faults)
    {
        if (addresses.Count == 0) return [];
        try
        {
            return VenueAccess.Read(addresses, []);
        }
        catch (BadInputException bad)
        {
            faults.AddRange(bad.Faults);
            return [];
        }
    }

    /// <summary>Null where a key is missing or the kind is not known, which the faults then tell.</summary>
    private static IConnection? Connect(ExchangeChoice choice, bool isDedicated, List<string> faults, TimeProvider time)
    {
        if (Exchanges.Kinds.Contains(choice.Kind)) return Exchanges.Connect(choice, new() { IsAccountDedicated = isDedicated }, faults, time);
        if (MarketConnections.Kinds.Contains(choice.Kind)) return MarketConnections.Connect(choice, time);
        faults.Add($"--venue: '{choice.Kind}' is not known: expected one of {string.Join(", ", Exchanges.Kinds.Concat(MarketConnections.Kinds))}");
        return null;
    }
}
