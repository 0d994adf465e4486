namespace Dmm.Core.Ports;

/// <summary>Reads reference rates as they stand; whoever owns them restores them.</summary>
public interface IRateView
{
    /// <summary>Numeraire for one unit of the asset: 1 for a numeraire asset, null while no fresh rate is known.</summary>
    decimal? NumerairePer(string asset);
}
