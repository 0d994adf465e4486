using System.Numerics;
using Dmm.Core.Kernels;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Vectors;

/// <summary>Bodies for jettons, STON.fi and DeDust, built and read back, and a swap's price.</summary>
internal static class DexVectors
{
    public static Dictionary<string, Action<Vector>> All => new()
    {
        ["ston-v1-swap-body"] = v => Built(
            v, new StonFiV1Swap(v.InAddress("ask_jetton_wallet"), v.InAmount("min_out"), v.InAddress("user")), StonFiV1Swap.Read),
        ["ston-v2-swap-body"] = v => Built(v, new StonFiV2Swap
        {
            AskWallet = v.InAddress("askJettonWalletAddress"),
            Refund = v.InAddress("refundAddress"),
            // The kit's default: whom the input would go back to.
            Excesses = v.InAddress("refundAddress"),
            Deadline = (ulong)v.InNumber("deadline"),
            MinOut = v.InAmount("minAskAmount"),
            Receiver = v.InAddress("receiverAddress"),
            ReferralBps = (ushort)v.InNumber("referral_value_bps_default"),
        }, StonFiV2Swap.Read),
        ["ston-v2-provide-lp-body"] = v => Built(v, new StonFiV2Provide(
            v.InAddress("router_wallet"), v.InAddress("refund"), v.InAddress("refund"), (ulong)v.InNumber("deadline"), v.InAmount("min_lp_out"),
            v.InAddress("receiver"), v.Input.GetProperty("both_positive").GetBoolean()), StonFiV2Provide.Read),
        ["pton-v2-ton-transfer"] = v =>
        {
            var transfer = new PtonTransfer((ulong)v.InNumber("query_id"), Coins.FromNano(v.InAmount("ton_amount")), v.InAddress("refund"), null);
            Built(v, transfer, PtonTransfer.Read);
            transfer.Value(0).Nano.ToString().ShouldBe(v.Out("message_value"));
        },
        ["jetton-burn-body"] = v => Built(v, new JettonBurn((ulong)v.InNumber("query_id"), v.InAmount("amount"), null), JettonBurn.Read),
        ["dedust-jetton-swap-payload"] = v => Built(v, new DedustJettonSwap(
            new(v.InAddress("pool"), v.InAmount("limit")), new((uint)v.InNumber("deadline"), v.InAddress("recipient"))), DedustJettonSwap.Read),
        ["dedust-deposit-jetton"] = v => Built(v, new DedustJettonDeposit(Pool(v), Targets(v)), DedustJettonDeposit.Read),
        ["dedust-deposit-native"] = v =>
        {
            var deposit = new DedustNativeDeposit((ulong)v.InNumber("query_id"), Coins.FromNano(v.InAmount("amount")), Pool(v), Targets(v));
            Built(v, deposit, DedustNativeDeposit.Read, "body_boc_base64");
            (deposit.Amount + Dedust.NativeDepositGas).Nano.ToString().ShouldBe(v.Out("message_value"));
        },
        ["ston-v2-quote-buy"] = v =>
        {
            var fees = new PoolFees((int)v.InNumber("lp_fee_bps"), (int)v.InNumber("protocol_fee_bps"), (int)v.InNumber("ref_fee_bps"));
            var swap = ConstantProduct.Swap(
                BigInteger.Parse(v.In("reserve_in")), BigInteger.Parse(v.In("reserve_out")), BigInteger.Parse(v.In("amount_in")), fees);
            swap.Out.ToString().ShouldBe(v.Out("out"));
            swap.Protocol.ToString().ShouldBe(v.Out("protocol_fee_out"));
        },
    };

    private static void Built<T>(Vector v, T body, Func<Cell, T> read, string boc = "boc_base64") where T : IMessageBody
    {
        v.Meets(body.ToCell(), boc);
        read(body.ToCell()).ShouldBe(body);
    }

    private static DedustPoolKey Pool(Vector v)
    {
        var assets = v.Input.GetProperty("assets").EnumerateArray().Select(e => e.GetString()!)
            .Select(text => text == "native" ? DedustAsset.Native : new DedustAsset(Address.Parse(text.Split(' ')[1]))).ToArray();
        return new(v.InNumber("pool_type") == 1, assets[0], assets[1]);
    }

    private static DedustTargets Targets(Vector v)
    {
        var targets = v.Input.GetProperty("target").EnumerateArray().Select(e => UInt128.Parse(e.ToString())).ToArray();
        return new(v.InAmount("min_lp"), targets[0], targets[1]);
    }
}
