namespace Dmm.Wire;

/// <summary>The markets of Gate; each is a venue of its own, since they share symbols, and has its own sockets, paths and account.</summary>
public enum GateioProduct : byte
{
    Spot,

    /// <summary>Perpetual contracts margined in USDT.</summary>
    UsdtPerpetual,
}
