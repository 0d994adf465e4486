using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Pipeline.Running;
using Dmm.Wire;

namespace Dmm.Pipeline.Venues;

/// <summary>The exchanges on which a desk may quote, as <c>--venue</c> names them; without a key their market data can be had all the same.</summary>
internal static class Exchanges
{
    // OKX has one account for all its markets, and so it is one venue: the second is another word for it, by which contracts alone are meant.
    private const string Okx = "okx", OkxSwap = "okx-swap";
    private const string BybitSpot = "bybit-spot", BybitLinear = "bybit-linear", GateioSpot = "gateio-spot", GateioUsdt = "gateio-usdt";

    public static ImmutableArray<string> Kinds { get; } = [Okx, OkxSwap, BybitSpot, BybitLinear, GateioSpot, GateioUsdt];

    /// <summary>The venue that a kind names.</summary>
    public static string VenueOf(string kind) => kind == OkxSwap ? Okx : kind;

    /// <summary>With the keys of the environment; null where one is missing, which the faults then tell.</summary>
    /// <exception cref="ParameterException">The address is none of a venue's.</exception>
    /// <exception cref="ArgumentException">A key cannot be one.</exception>
    public static IVenueConnection? Connect(ExchangeChoice choice, OrderPathOptions path, List<string> faults, TimeProvider time)
    {
        if (!IsOfItsKind(choice, faults)) return null;
        switch (choice.Kind)
        {
            case Okx or OkxSwap:
                var keys = new ExchangeKeys("OKX", faults);
                var (key, secret) = (keys.Required("KEY", "its API key"), keys.Required("SECRET", "the secret of that key"));
                return keys.Required("PASSPHRASE", "the passphrase of that key") is { } passphrase && key is not null && secret is not null
                    ? AtOkx(choice, new(key, secret, passphrase), path, time)
                    : null;
            case BybitSpot or BybitLinear:
                return new ExchangeKeys("BYBIT", faults).KeyAndSecret() is { } bybit ? AtBybit(choice, bybit, path, time) : null;
            default:
                var gate = new ExchangeKeys("GATEIO", faults);
                var (gateio, user) = (gate.KeyAndSecret(), choice.Kind == GateioSpot ? "" : gate.Required("USER", "the account's user id"));
                return gateio is not null && user is not null ? AtGateio(choice, gateio, user, path, time) : null;
        }
    }

    /// <summary>Its market data alone; null, and a fault, where a symbol is of another kind.</summary>
    /// <exception cref="ParameterException">The address is none of a venue's.</exception>
    public static IMarketConnection? ConnectToMarkets(ExchangeChoice choice, List<string> faults, TimeProvider time)
    {
        if (!IsOfItsKind(choice, faults)) return null;
        var path = new OrderPathOptions();
        return new ExchangeMarkets(choice.Kind switch
        {
            Okx or OkxSwap => AtOkx(choice, credentials: null, path, time),
            BybitSpot or BybitLinear => AtBybit(choice, credentials: null, path, time),
            _ => AtGateio(choice, credentials: null, user: "", path, time),
        });
    }

    private static bool IsOfItsKind(ExchangeChoice choice, List<string> faults)
    {
        if (choice.Kind != OkxSwap) return true;
        string[] others = [.. choice.Symbols.Where(s => OkxInstruments.TypeOf(s) != OkxInstruments.Perpetual)];
        faults.AddRange(others.Select(s => $"{choice.Option} {OkxSwap}: '{s}' is no perpetual: expected a symbol such as DCT-USDT-SWAP"));
        return others is [];
    }

    private static OkxConnection AtOkx(ExchangeChoice choice, OkxCredentials? credentials, OrderPathOptions path, TimeProvider time)
    {
        var own = new OkxOptions();
        return new(
            new OkxOptions
            {
                RestUrl = choice.Address ?? own.RestUrl, PublicSocketUrl = choice.Socket(own.PublicSocketUrl),
                PrivateSocketUrl = choice.Socket(own.PrivateSocketUrl), Credentials = credentials, Orders = path,
            }.Checked(),
            choice.Symbols, time);
    }

    private static BybitConnection AtBybit(ExchangeChoice choice, HmacCredentials? credentials, OrderPathOptions path, TimeProvider time)
    {
        var own = new BybitOptions { Venue = choice.Kind, Product = choice.Kind == BybitSpot ? BybitProduct.Spot : BybitProduct.Linear };
        return new(
            (own with
            {
                BaseUrl = choice.Address ?? own.BaseUrl, SocketUrl = choice.Socket(own.SocketUrl), Credentials = credentials, Orders = path,
            }).Checked(),
            choice.Symbols, time);
    }

    private static GateioConnection AtGateio(
        ExchangeChoice choice, HmacCredentials? credentials, string user, OrderPathOptions path, TimeProvider time)
    {
        var own = new GateioOptions { Product = choice.Kind == GateioSpot ? GateioProduct.Spot : GateioProduct.UsdtPerpetual, UserId = user };
        return new(
            (own with
            {
                BaseUrl = choice.Address ?? own.BaseUrl, SocketUrl = choice.Address is null ? null : choice.Socket(own.Socket),
                Credentials = credentials, Orders = path,
            }).Checked(),
            choice.Symbols, time);
    }
}
