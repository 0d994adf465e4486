namespace Dmm.Wire.Ton;

/// <summary>What a pool of DeDust says that a swap of so much of an asset would bring.</summary>
/// <param name="AssetOut">What it pays.</param>
/// <param name="AmountOut">How much, before any tax of the token.</param>
/// <param name="Fee">What it keeps, of what comes in.</param>
/// <remarks>Source: @dedust/sdk 0.8.7.</remarks>
public sealed record DedustEstimate(DedustAsset AssetOut, UInt128 AmountOut, UInt128 Fee)
{
    /// <summary>Takes the asset that is paid, and how much of it.</summary>
    public const string Method = "estimate_swap_out";

    /// <summary>Reads the answer of <see cref="Method"/>; <paramref name="fault"/> says what is wrong with it, and is empty when nothing
    /// is.</summary>
    public static bool TryRead(IReadOnlyList<StackItem> stack, out DedustEstimate? estimate, out string fault) =>
        StackReader.TryRead(Method, stack, 3, Read, out estimate, out fault);

    private static DedustEstimate Read(StackReader stack) =>
        new(stack.Load("asset_out", DedustAsset.Load), stack.Amount("amount_out"), stack.Amount("trade_fee"));
}
