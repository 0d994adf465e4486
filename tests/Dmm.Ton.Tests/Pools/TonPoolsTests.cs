using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Testing.Venues;
using Dmm.Wire.Ton;
using static Dmm.Testing.Venues.FakeJetton;

namespace Dmm.Ton.Tests.Pools;

/// <summary>Pools looked for on the chain: who decides what each part is.</summary>
public sealed class TonPoolsTests : IAsyncLifetime
{
    private readonly PoolRig _rig = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Fact]
    public async Task StonFiPool_IsFoundWithItsPlaceAndItsJetton()
    {
        var pool = new FakeStonFiPool(_rig.Node);
        (await _rig.FoundAsync(pool)).ShouldBe(new FoundStonFiPool(
            new(pool.Pool, FakeStonFiPool.Router, FakeStonFiPool.BaseWallet, FakeStonFiPool.QuoteWallet, IsBaseFirst: false), pool.Minter,
            new("DCT", 9)) { Fees = new(20, 10) });
    }

    [Fact]
    public async Task DedustPool_IsFoundWithItsTermsAndItsJetton()
    {
        var pool = new FakeDedustPool(_rig.Node);
        var found = (await _rig.FoundAsync(pool)).ShouldBeOfType<FoundDedustPool>();
        found.Place.ShouldBe(new(pool.Pool, pool.Minter, FakeDedustPool.Vault));
        (found.BaseMinter, found.Base).ShouldBe((pool.Minter, new JettonContent("DCT", 9)));
        (found.Terms.Fee, found.Terms.IsStable).ShouldBe((new(25, 10_000), false));
    }

    [Fact]
    public async Task WhatAPoolKeeps_IsWhatItTold_InWholeBpsAndNeverLess()
    {
        (await _rig.FoundAsync(new FakeStonFiPool(_rig.Node))).Costs.ShouldBe(new() { LpFeeBps = 20, ProtocolFeeBps = 10, TransferTaxBps = 0 });
        var dedust = (await _rig.FoundAsync(new FakeDedustPool(_rig.Node))).ShouldBeOfType<FoundDedustPool>();
        dedust.Costs.ShouldBe(new() { LpFeeBps = 25, ProtocolFeeBps = 0, TransferTaxBps = 0 });
        (dedust with { Terms = dedust.Terms with { Fee = new(1, 3_000) } }).Costs.LpFeeBps.ShouldBe(4);
    }

    [Fact]
    public async Task WhoIsAskedWithoutAKey_IsAskedOnceASecond()
    {
        await using var rig = new PoolRig(new NodeOptions());
        var pool = new FakeDedustPool(rig.Node);
        var found = rig.FoundAsync(pool);
        // Seven questions: four at once, and then one a second.
        for (var second = 0; second < 3; second++) await rig.Time.PassAsync(TimeSpan.FromSeconds(1));
        (await found).Pool.ShouldBe(pool.Pool);
        rig.Node.Requests.Count.ShouldBe(7);
    }

    [Fact]
    public async Task PoolOfOthers_IsNamed()
    {
        var pool = new FakeStonFiPool(_rig.Node);
        pool.ShowWallet(At(0x77));
        await ShouldBeRefusedAsync(pool, $"the wallet {FakeStonFiPool.BaseWallet} is {At(0x77)}'s: expected the router's, {FakeStonFiPool.Router}");
        pool.ShowWallet(FakeStonFiPool.Router);
        _rig.Node.Answer(pool.Minter, JettonMethods.WalletAddress, [StackItem.Slice(FakeStonFiPool.Router)], StackItem.Slice(At(0x78)));
        await ShouldBeRefusedAsync(
            pool, $"the wallet {FakeStonFiPool.BaseWallet} is none of {pool.Minter}'s, as it says: that has {At(0x78)} for the router");
        _rig.Node.Answer(StonFiV2.Pton, JettonMethods.WalletAddress, [StackItem.Slice(FakeStonFiPool.Router)], StackItem.Slice(At(0x79)));
        await ShouldBeRefusedAsync(
            pool, $"the pool {pool.Pool} has the wallets {FakeStonFiPool.QuoteWallet} and {FakeStonFiPool.BaseWallet}: "
                + $"expected {At(0x79)}, of TON, to be one of them");
        _rig.Node.Answer(pool.Pool, pool.Method, [], Number(1));
        await ShouldBeRefusedAsync(pool, $"{pool.Pool}: get_pool_data: 1 items: expected 12");
    }

    [Fact]
    public async Task DedustPoolThatTheFactoryDoesNotHave_OrOfAnotherCurve_OrNotAgainstTon_IsNamed()
    {
        var (pool, jetton) = (new FakeDedustPool(_rig.Node), default(DedustAsset));
        jetton = new(pool.Minter);
        StackItem[] key = [StackItem.Number(0), DedustAsset.Native.ToArgument(), jetton.ToArgument()];
        _rig.Node.Answer(Dedust.Factory, Dedust.PoolMethod, key, StackItem.Slice(At(0x77)));
        await ShouldBeRefusedAsync(pool, $"the pool {pool.Pool} is none of DeDust's: its factory has {At(0x77)} for these tokens");
        _rig.Node.Answer(pool.Pool, DedustPoolData.StableMethod, [], StackItem.Named("num", "-0x1"));
        await ShouldBeRefusedAsync(pool, $"the pool {pool.Pool} is a stable one: expected a volatile");
        _rig.Node.Answer(pool.Pool, DedustPoolData.AssetsMethod, [], new DedustAsset(At(0x78)).ToArgument(), jetton.ToArgument());
        await ShouldBeRefusedAsync(pool, $"the pool {pool.Pool} trades {At(0x78)} for {pool.Minter}: expected TON and a jetton");
        _rig.Node.Answer(pool.Pool, DedustPoolData.AssetsMethod, [], DedustAsset.Native.ToArgument(), DedustAsset.Native.ToArgument());
        await ShouldBeRefusedAsync(pool, $"the pool {pool.Pool} trades TON for TON: expected TON and a jetton");
    }

    [Fact]
    public async Task NodeThatDoesNotAnswer_IsUnknown_AndNoFaultOfThePool()
    {
        var pool = new FakeStonFiPool(_rig.Node);
        _rig.Node.Fault = asked => asked == JettonMethods.Data ? (500, "") : null;
        (await _rig.Pools.FindAsync(pool.Exchange, pool.Pool, default)).ShouldBeOfType<VenueReply<FoundPool>.Unknown>()
            .Reason.ShouldBe($"get_jetton_data of {pool.Minter}: toncenter answers /api/v3/runGetMethod with HTTP 500");
    }

    [Fact]
    public async Task Content_OnTheChainOrElsewhere_TellsWhatStandsThere()
    {
        (await ContentAsync(OnChain(("symbol", "DCT")))).ShouldBe(new("DCT", 9));
        (await ContentAsync(OnChain(("symbol", "USDT"), ("decimals", "6")))).ShouldBe(new("USDT", 6));
        (await ContentAsync(OnChain(("symbol", "DCT"), ("uri", "https://example.org/dct.json")))).ShouldBe(new("DCT", null));
        (await ContentAsync(OnChain())).ShouldBe(new(null, 9));
        (await ContentAsync(OffChain("https://example.org/dct.json"))).ShouldBe(new(null, null));
    }

    [Fact]
    public async Task ContentThatIsNone_IsNamed()
    {
        await FaultAsync(OnChain(("decimals", "nine")), "decimals 'nine': expected 0 to 255");
        await FaultAsync(OnChain(("decimals", "256")), "decimals '256': expected 0 to 255");
        await FaultAsync(new CellBuilder().StoreUInt(7, 8).Build(), "content of the layout 7: expected 0 (on the chain) or 1 (elsewhere)");
        await FaultAsync(Cell.Empty, "get_jetton_data, item 4 (jetton_content)");

        async Task FaultAsync(Cell content, string fault) =>
            (await Should.ThrowAsync<FormatException>(() => ContentAsync(content))).Message.ShouldContain(fault);
    }

    [Fact]
    public void Instrument_IsOfThePoolsOwnJetton_OrOfTheNameGiven()
    {
        var instrument = Of("DCT", 9, null);
        (instrument.Name, instrument.BaseAsset, instrument.QuoteAsset, instrument.IsPool).ShouldBe(("stonfi:DCT-TON", "DCT", "TON", true));
        (instrument.Prices.Step, instrument.Sizes.Step).ShouldBe((0.000000001m, 0.000001m));
        Of(null, null, "DCT").Name.ShouldBe("stonfi:DCT-TON");
        Of("A jetton", 9, "DCT").Name.ShouldBe("stonfi:DCT-TON");
    }

    [Theory]
    [InlineData("USDT", 6, null, "has 6 decimals: expected 9, as TON has")]
    [InlineData("USDT", 6, "USDT", "has 6 decimals: expected 9, as TON has")]
    [InlineData(null, 9, null, "the chain does not tell symbol and decimals of the jetton")]
    [InlineData("DCT", null, null, "the chain does not tell symbol and decimals of the jetton")]
    [InlineData("D:T", 9, null, "calls itself something else than 1 to 16 letters and digits")]
    [InlineData("", 9, null, "calls itself something else than 1 to 16 letters and digits")]
    public void JettonThatCannotBeAnInstrument_IsNamed(string? symbol, int? decimals, string? asset, string fault) =>
        Should.Throw<FormatException>(() => Of(symbol, decimals, asset)).Message.ShouldContain(fault);

    private static Instrument Of(string? symbol, int? decimals, string? asset) => PoolInstruments.Of(
        new FoundStonFiPool(PoolSetting.StonFi, PoolSetting.Minter, new(symbol, decimals)), "stonfi", asset, new InstrumentId(0));

    private async Task<JettonContent> ContentAsync(Cell content) => (await _rig.FoundAsync(new FakeStonFiPool(_rig.Node, content))).Base;

    private async Task ShouldBeRefusedAsync(FakePool pool, string fault) =>
        (await Should.ThrowAsync<FormatException>(() => _rig.Pools.FindAsync(pool.Exchange, pool.Pool, default))).Message.ShouldBe(fault);
}
