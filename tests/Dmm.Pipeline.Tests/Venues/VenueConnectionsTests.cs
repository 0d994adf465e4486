using Dmm.Pipeline.Pools;
using Dmm.Pipeline.Venues;

namespace Dmm.Pipeline.Tests.Venues;

/// <summary>What <c>--venue</c> and <c>--dedicated</c> may say. No test here has a key in its environment.</summary>
public sealed class VenueConnectionsTests
{
    [Fact]
    public void SeveralFaults_AreToldAllAtOnce() =>
        Faults(["okx:DCT-USDT", "kraken:DCTUSD", "bybit-spot:", "gateio-spot:DCT_USDT,DCT_USDT"], dedicated: ["okx"]).ShouldBe(
        [
            "DMM_OKX_KEY is not set: expected its API key in the environment",
            "DMM_OKX_SECRET is not set: expected the secret of that key in the environment",
            "DMM_OKX_PASSPHRASE is not set: expected the passphrase of that key in the environment",
            "--venue: 'kraken' is not known: expected one of okx, okx-swap, bybit-spot, bybit-linear, gateio-spot, gateio-usdt, "
                + "binance-spot, binance-usdm",
            $"--venue 'bybit-spot:' names no venue: expected {ExchangeChoice.Expected}; or an address such as http://127.0.0.1:8090 of a generic venue",
            "--venue 'gateio-spot:DCT_USDT,DCT_USDT' names a symbol twice",
            "DMM_GATEIO_KEY is not set: expected its API key in the environment",
            "DMM_GATEIO_SECRET is not set: expected the secret of that key in the environment",
            "--dedicated 'okx' is none of the venues: expected one of none",
        ]);

    [Fact]
    public void Pools_StandBesideVenues_AndTheirFaultsAreToldWithTheOthers() =>
        Faults(["binance-spot:BTCUSDT", "kraken:DCTUSD"], pools: ["stonfi:EQ", "tonco:EQ"]).Select(fault => fault.Split(':')[0]).ShouldBe(
            ["--venue", "--pool 'stonfi", "--pool 'tonco"]);

    [Fact]
    public void GenericVenue_NeedsItsOwnKey() => Faults(["http://127.0.0.1:8090"]).ShouldBe(
    [
        "DMM_VENUE_KEY is not set: expected the venue's API key in the environment",
        "DMM_VENUE_SECRET is not set: expected the secret of that key in the environment",
    ]);

    [Fact]
    public void Contracts_NeedTheirKeys_AndPerpetualsOfOkxAreCalledSo() => Faults(["gateio-usdt:DCT_USDT", "bybit-linear:DCTUSDT", "okx-swap:DCT-USDT"]).ShouldBe(
    [
        "DMM_GATEIO_KEY is not set: expected its API key in the environment",
        "DMM_GATEIO_SECRET is not set: expected the secret of that key in the environment",
        "DMM_GATEIO_USER is not set: expected the account's user id in the environment",
        "DMM_BYBIT_KEY is not set: expected its API key in the environment",
        "DMM_BYBIT_SECRET is not set: expected the secret of that key in the environment",
        "--venue okx-swap: 'DCT-USDT' is no perpetual: expected a symbol such as DCT-USDT-SWAP",
    ]);

    [Fact]
    public void ReferencesAlone_AreNoDesk() => Faults(["binance-spot:BTCUSDT", "binance-usdm:BTCUSDT"], dedicated: ["binance-spot"]).ShouldBe(
        ["--dedicated 'binance-spot' is none of the venues: expected one of none"]);

    [Fact]
    public void ReferencesAlone_AreToldSo() => Faults(["binance-spot:BTCUSDT"]).ShouldBe(
        ["--venue binance-spot:BTCUSDT is priced from and not quoted: expected a venue to quote on beside it"]);

    [Fact]
    public void Reference_NeedsNoKeyAndHasItsOwnSockets()
    {
        var choice = ExchangeChoice.Read("binance-usdm:BTCUSDT@http://127.0.0.1:9000", [])!;
        var connection = MarketConnections.Connect(choice, TimeProvider.System);
        (connection.Name, connection.Address).ShouldBe(("binance-usdm", "127.0.0.1:9000"));
        choice.Socket(new("wss://fstream.binance.com/stream")).ShouldBe(new Uri("ws://127.0.0.1:9000/stream"));
    }

    [Theory]
    [InlineData("okx:DCT-USDT@ftp://somewhere")]
    [InlineData("okx:DCT-USDT@nowhere")]
    [InlineData("okx:,DCT-USDT")]
    [InlineData(":DCT-USDT")]
    [InlineData("okx")]
    [InlineData("")]
    public void TextOfNoVenue_IsShown(string text)
    {
        List<string> faults = [];
        ExchangeChoice.Read(text, faults).ShouldBeNull();
        faults.ShouldHaveSingleItem().ShouldStartWith($"--venue '{text}' names no venue: expected ");
    }

    [Fact]
    public void AnotherAddress_IsForRestAndSocketsAlike()
    {
        var choice = ExchangeChoice.Read("okx:DCT-USDT,TON-USDT@http://127.0.0.1:9000", [])!;
        choice.Symbols.ShouldBe(["DCT-USDT", "TON-USDT"]);
        choice.Address.ShouldBe(new Uri("http://127.0.0.1:9000"));
        choice.Socket(new("wss://ws.okx.com:8443/ws/v5/public")).ShouldBe(new Uri("ws://127.0.0.1:9000/ws/v5/public"));
    }

    [Fact]
    public void Webhook_OfAnAddress_AndOfAVenueThatIsThere() => Faults(["binance-spot:BTCUSDT"], webhooks: ["http://127.0.0.1:8091/fills", "ours=http://127.0.0.1:8091/"])
        .ShouldBe(
        [
            "--webhook is 'http://127.0.0.1:8091/fills': expected an address with a slash at its end, such as http://127.0.0.1:8091/fills/",
            "--webhook of ours belongs to none of the venues given by address: expected one of none",
        ]);

    private static List<string> Faults(
        IReadOnlyList<string> venues, IReadOnlyList<string>? dedicated = null, IReadOnlyList<string>? webhooks = null, params string[] pools)
    {
        List<string> faults = [];
        VenueConnections.Read(venues, dedicated ?? [], webhooks ?? [], PoolArguments.None with { Pools = pools }, (null, "data"), [], faults, TimeProvider.System);
        return faults;
    }
}
