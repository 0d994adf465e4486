using Dmm.Core;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Pools;

/// <summary>A pool of each exchange, and an owner's wallets.</summary>
internal static class PoolSetting
{
    public const long Nano = 1_000_000_000;

    public static readonly Address Trader = At(1), TraderWallet = At(2), Minter = At(3), Vault = At(4);

    public static readonly StonFiV2Place StonFi = new(At(10), At(11), At(12), At(13), IsBaseFirst: false);

    public static readonly DedustPlace DedustPool = new(At(20), Minter, Vault);

    public static readonly Instrument Traded = new()
    {
        Id = new(3), Venue = "stonfi", Symbol = "DCT-TON", BaseAsset = "DCT", QuoteAsset = "TON", Kind = ContractKind.Spot,
        SequenceRule = BookSequenceRule.ChecksumOnly, Prices = new(0.00001m), Sizes = new(0.1m), IsPool = true,
    };

    public static readonly SwapRequests Requests = new(owner => owner == Trader ? TraderWallet : new(0, new CellBuilder().StoreAddress(owner).Build().Hash));

    public static Address At(byte value) => new(0, new Hash256([.. Enumerable.Repeat(value, Hash256.Bytes)]));

    public static Message Internal(Address from, Address to, Cell body, ulong nano = 0) =>
        new(MessageKind.Internal, from, to, nano, true, false, null, body);

    public static Cell SwapPayload(Address ask, UInt128 least, ulong deadline = 2_000_000_000) => new StonFiV2Swap
    {
        AskWallet = ask, Refund = Trader, Excesses = Trader, Deadline = deadline, MinOut = least, Receiver = Trader,
    }.ToCell();

    public static StackItem Number(UInt128 value) => StackItem.Named("num", $"0x{value:x}");

    public static StackItem Slice(Address? address) => StackItem.Named("slice", new CellBuilder().StoreAddress(address).Build().ToBase64());
}
