using System.Globalization;

namespace Dmm.Wire.Ton;

/// <summary>Why a pool of STON.fi, version 2, pays out: the CRC-32 of what the contract calls it.</summary>
/// <remarks>Source: ston-fi/dex-core-v2, contracts/common/op.fc.</remarks>
public static class StonFiV2Exits
{
    /// <summary>The swap's output.</summary>
    public const uint SwapOk = 0xc64370e5;

    /// <summary>The deadline has passed; from here on the input comes back.</summary>
    public const uint SwapRefundExpired = 0x1ec28412;
    public const uint SwapRefundNoLiquidity = 0x5ffe1295;
    public const uint SwapRefundNothingOut = 0x5f954434;

    /// <summary>Less than the least output.</summary>
    public const uint SwapRefundSlippage = 0x39603190;
    public const uint SwapRefundReserve = 0x38976e9b;
    public const uint SwapPoolLocked = 0x365c484d;
    public const uint SwapFeeOutOfBounds = 0xa768c0d1;

    /// <summary>What the contract calls it, as people know it; the number where it is none of these.</summary>
    public static string NameOf(uint exit) => exit switch
    {
        SwapOk => "done",
        SwapRefundExpired => "deadline passed",
        SwapRefundNoLiquidity => "no liquidity",
        SwapRefundNothingOut => "nothing would come out",
        SwapRefundSlippage => "slippage: less than the least output",
        SwapRefundReserve => "the reserve cannot give it",
        SwapPoolLocked => "the pool is locked",
        SwapFeeOutOfBounds => "the referral fee is out of bounds",
        _ => string.Create(CultureInfo.InvariantCulture, $"exit {exit:x8}"),
    };
}
