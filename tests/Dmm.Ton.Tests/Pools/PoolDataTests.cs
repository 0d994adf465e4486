using Dmm.Core.Kernels;
using Dmm.Wire.Ton;
using static Dmm.Ton.Tests.Pools.PoolSetting;

namespace Dmm.Ton.Tests.Pools;

/// <summary>What pools tell of themselves.</summary>
public sealed class PoolDataTests
{
    [Fact]
    public void StonFi_IsReadAndTurnedToOurBase()
    {
        var data = ReadStonFi(StonFiStack());
        (data.Reserve0, data.Reserve1, data.LpBps, data.ProtocolBps, data.IsLocked).ShouldBe(((UInt128)10_000, (UInt128)1_000_000, 20, 10, false));
        data.ToPool(StonFi, 50, out var fault).ShouldBe(new TokenPool(1_000_000, 10_000, new(20, 10), 50), fault);
        data.ToPool(StonFi with { BaseWallet = StonFi.QuoteWallet, QuoteWallet = StonFi.BaseWallet }, 0, out _)
            .ShouldBe(new TokenPool(10_000, 1_000_000, new(20, 10)));
    }

    [Fact]
    public void StonFiPool_ThatIsNotTheOneMeant_OrTakesNoSwaps_IsNamed()
    {
        var data = ReadStonFi(StonFiStack());
        Fault(data, StonFi with { Router = At(99) }).ShouldBe($"get_pool_data: router {StonFi.Router}: expected {At(99)}");
        Fault(data, StonFi with { BaseWallet = At(99) }).ShouldContain($"expected {At(99)} and {StonFi.QuoteWallet}");
        Fault(data with { IsLocked = true }, StonFi).ShouldContain("is locked");
        Fault(data with { Reserve0 = 0 }, StonFi).ShouldBe("get_pool_data: pool.quote = 0: expected above zero and at most 120 bits");
        Fault(data with { LpBps = 1_001, ProtocolBps = 1_002 }, StonFi).ShouldContain("; ");

        static string Fault(StonFiV2PoolData data, StonFiV2Place place)
        {
            data.ToPool(place, 0, out var fault).ShouldBeNull();
            return fault;
        }
    }

    [Theory]
    [InlineData(1, "router")]
    [InlineData(3, "reserve0")]
    [InlineData(4, "reserve1")]
    [InlineData(5, "token0_wallet")]
    [InlineData(7, "lp_fee")]
    [InlineData(8, "protocol_fee")]
    public void StonFiItem_OfAnotherKind_IsNamed(int at, string name)
    {
        var stack = StonFiStack();
        stack[at] = new(StackKind.Null, "");
        StonFiV2PoolData.TryRead(stack, out _, out var fault).ShouldBeFalse();
        fault.ShouldStartWith($"get_pool_data, item {at + 1} ({name}): a Null: expected ");
    }

    [Fact]
    public void StonFiVersion1_IsRefused()
    {
        StonFiV2PoolData.TryRead(StonFiStack()[..10], out _, out var fault).ShouldBeFalse();
        fault.ShouldBe("get_pool_data: 10 items: expected 12");
    }

    [Fact]
    public void Dedust_IsReadAndTurnedToOurBase_WhateverTheOrder()
    {
        var data = ReadDedust(NativeSlice(), JettonSlice(Minter));
        (data.Asset0, data.Asset1).ShouldBe((DedustAsset.Native, new DedustAsset(Minter)));
        data.ToPool(DedustPool, 50, out var fault).ShouldBe(new DedustTokenPool(1_000_000, 10_000, new(25, 10_000), 50), fault);
        ReadDedust(JettonSlice(Minter), NativeSlice()).ToPool(DedustPool, 0, out _).ShouldBe(new DedustTokenPool(10_000, 1_000_000, new(25, 10_000)));
    }

    [Fact]
    public void DedustPool_ThatIsNotTheOneMeant_IsNamed()
    {
        ReadDedust(NativeSlice(), JettonSlice(At(99))).ToPool(DedustPool, 0, out var fault).ShouldBeNull();
        fault.ShouldBe($"get_assets: TON and {At(99)}: expected {Minter} and TON");
        (ReadDedust(NativeSlice(), JettonSlice(Minter)) with { IsStable = true }).ToPool(DedustPool, 0, out fault).ShouldBeNull();
        fault.ShouldContain("is a stable one");
        (ReadDedust(NativeSlice(), JettonSlice(Minter)) with { Fee = new(1, 0) }).ToPool(DedustPool, 0, out fault).ShouldBeNull();
        fault.ShouldContain("pool.feeWhole");
    }

    [Fact]
    public void DedustAnswer_ThatIsNone_IsNamed()
    {
        StackItem[] two = [Number(1), Number(2)], assets = [NativeSlice(), JettonSlice(Minter)], one = [Number(0)];
        var unknown = StackItem.Named("slice", new CellBuilder().StoreUInt(7, 4).Build().ToBase64());
        Fault([], assets, two, one).ShouldBe("get_reserves: 0 items: expected 2");
        Fault(two, [NativeSlice(), unknown], two, one).ShouldStartWith("get_assets, item 2 (asset1): ");
        Fault(two, assets, [Number(1), Number(ulong.MaxValue)], one).ShouldStartWith("get_trade_fee, item 2 (denominator): ");
        Fault(two, assets, two, []).ShouldBe("is_stable: 0 items: expected 1");

        static string Fault(StackItem[] reserves, StackItem[] assets, StackItem[] fee, StackItem[] stable)
        {
            DedustPoolData.TryRead(reserves, assets, fee, stable, out _, out var fault).ShouldBeFalse();
            return fault;
        }
    }

    private static StackItem[] StonFiStack() =>
    [
        Number(0), Slice(StonFi.Router), Number(100_000), Number(10_000), Number(1_000_000), Slice(StonFi.QuoteWallet), Slice(StonFi.BaseWallet),
        Number(20), Number(10), Slice(null), Number(5), Number(6),
    ];

    private static StonFiV2PoolData ReadStonFi(StackItem[] stack)
    {
        StonFiV2PoolData.TryRead(stack, out var data, out var fault).ShouldBeTrue(fault);
        return data!;
    }

    private static DedustPoolData ReadDedust(StackItem first, StackItem second)
    {
        DedustPoolData.TryRead(
            [Number(10_000), Number(1_000_000)], [first, second], [Number(25), Number(10_000)], [Number(0)], out var data, out var fault).ShouldBeTrue(fault);
        return data!;
    }

    private static StackItem NativeSlice() => StackItem.Named("slice", new CellBuilder().StoreUInt(0, 4).Build().ToBase64());

    private static StackItem JettonSlice(Address minter) => StackItem.Named(
        "slice", new CellBuilder().StoreUInt(1, 4).StoreInt(minter.Workchain, 8).StoreHash(minter.Account).Build().ToBase64());
}
