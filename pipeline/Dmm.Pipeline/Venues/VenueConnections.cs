using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Wire;

namespace Dmm.Pipeline.Venues;

/// <summary>The venues of a desk, as <c>--venue</c> and the environment give them.</summary>
internal static class VenueConnections
{
    // OKX has one account for all its markets, and so it is one venue: the second is another word for it, by which contracts alone are meant.
    private const string Okx = "okx", OkxSwap = "okx-swap";
    private const string BybitSpot = "bybit-spot", BybitLinear = "bybit-linear", GateioSpot = "gateio-spot", GateioUsdt = "gateio-usdt";

    private static readonly string[] Kinds = [Okx, OkxSwap, BybitSpot, BybitLinear, GateioSpot, GateioUsdt, .. MarketConnections.Kinds];

    /// <param name="venues">As given.</param>
    /// <param name="dedicated">Names of venues whose accounts nobody else trades on.</param>
    /// <param name="webhooks">Where generic venues post our fills, each an address or <c>NAME=ADDRESS</c>.</param>
    /// <param name="ofTheSimulation">Options given beside them that mean nothing here.</param>
    /// <param name="time">The host's clock.</param>
    /// <exception cref="BadInputException">Names every fault.</exception>
    public static ImmutableArray<IConnection> Read(
        IReadOnlyList<string> venues, IReadOnlyList<string> dedicated, IReadOnlyList<string> webhooks, IEnumerable<string> ofTheSimulation,
        TimeProvider time)
    {
        List<string> faults = [.. ofTheSimulation.Select(name => $"{name} belongs to the simulated market: --venue has one of its own")];
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
                if (Connect(choice, dedicated.Contains(choice.Kind == OkxSwap ? Okx : choice.Kind), faults, time) is { } connection && faults.Count == before) connections.Add(connection);
            }
            catch (Exception faulty) when (faulty is ParameterException or ArgumentException)
            {
                faults.AddRange((faulty is ParameterException all ? all.Faults : [faulty.Message]).Select(fault => $"--venue '{text}': {fault}"));
            }
        }

        foreach (var name in connections.GroupBy(c => c.Name).Where(same => same.Count() > 1).Select(same => same.Key))
            faults.Add($"--venue {name} is given twice: expected all its symbols behind one, with commas");
        var quoted = connections.OfType<IVenueConnection>().Select(c => c.Name).ToArray();
        foreach (var name in dedicated.Except(quoted))
            faults.Add($"--dedicated '{name}' is none of the venues: expected one of {string.Join(", ", quoted.DefaultIfEmpty("none"))}");
        if (quoted is [] && faults.Count == 0)
            faults.Add($"--venue {string.Join(", ", venues)} is priced from and not quoted: expected a venue to quote on beside it");
        return faults.Count == 0 ? connections.ToImmutable() : throw new BadInputException(faults);
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
        var path = new OrderPathOptions { IsAccountDedicated = isDedicated };
        switch (choice.Kind)
        {
            case OkxSwap when choice.Symbols.Where(s => OkxInstruments.TypeOf(s) != OkxInstruments.Perpetual).ToArray() is [_, ..] others:
                faults.AddRange(others.Select(s => $"--venue {OkxSwap}: '{s}' is no perpetual: expected a symbol such as DCT-USDT-SWAP"));
                return null;
            case Okx or OkxSwap:
                var keys = new ExchangeKeys("OKX", faults);
                var (key, secret) = (keys.Required("KEY", "its API key"), keys.Required("SECRET", "the secret of that key"));
                if (keys.Required("PASSPHRASE", "the passphrase of that key") is not { } passphrase || key is null || secret is null) return null;
                var own = new OkxOptions();
                return new OkxConnection(
                    new OkxOptions
                    {
                        RestUrl = choice.Address ?? own.RestUrl, PublicSocketUrl = choice.Socket(own.PublicSocketUrl),
                        PrivateSocketUrl = choice.Socket(own.PrivateSocketUrl), Credentials = new(key, secret, passphrase), Orders = path,
                    }.Checked(),
                    choice.Symbols, time);
            case BybitSpot or BybitLinear:
                if (new ExchangeKeys("BYBIT", faults).KeyAndSecret() is not { } bybit) return null;
                var product = new BybitOptions
                {
                    Venue = choice.Kind, Product = choice.Kind == BybitSpot ? BybitProduct.Spot : BybitProduct.Linear,
                };
                return new BybitConnection(
                    (product with
                    {
                        BaseUrl = choice.Address ?? product.BaseUrl, SocketUrl = choice.Socket(product.SocketUrl), Credentials = bybit, Orders = path,
                    }).Checked(),
                    choice.Symbols, time);
            case GateioSpot or GateioUsdt:
                var gateKeys = new ExchangeKeys("GATEIO", faults);
                var (gate, user) = (gateKeys.KeyAndSecret(), choice.Kind == GateioSpot ? "" : gateKeys.Required("USER", "the account's user id"));
                if (gate is null || user is null) return null;
                var gateio = new GateioOptions { Product = choice.Kind == GateioSpot ? GateioProduct.Spot : GateioProduct.UsdtPerpetual, UserId = user };
                return new GateioConnection(
                    (gateio with
                    {
                        BaseUrl = choice.Address ?? gateio.BaseUrl, SocketUrl = choice.Address is null ? null : choice.Socket(gateio.Socket),
                        Credentials = gate, Orders = path,
                    }).Checked(),
                    choice.Symbols, time);
            case var kind when MarketConnections.Kinds.Contains(kind):
                return MarketConnections.Connect(choice, time);
            default:
                faults.Add($"--venue: '{choice.Kind}' is not known: expected one of {string.Join(", ", Kinds)}");
                return null;
        }
    }
}
