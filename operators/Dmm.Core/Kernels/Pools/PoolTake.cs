using System.Numerics;

namespace Dmm.Core.Kernels;

/// <summary>A swap that carries a quote out.</summary>
/// <param name="ClientOrderId">Whose.</param>
/// <param name="Side">Buy: pays the quote token for the base token.</param>
/// <param name="Amount">Smallest units of the token that is paid.</param>
/// <param name="MinimumOut">Smallest units that the pool must pay out before any tax, or the swap is to be refunded.</param>
public sealed record PoolTake(string ClientOrderId, Side Side, BigInteger Amount, BigInteger MinimumOut);
