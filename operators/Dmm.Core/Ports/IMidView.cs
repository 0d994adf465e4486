namespace Dmm.Core.Ports;

/// <summary>Reads the consolidated fair value of the traded asset as it stands; whoever owns the value restores it.</summary>
public interface IMidView
{
    /// <summary>Fair value in the quote asset of that instrument; 0 while there is none.</summary>
    double MidOf(InstrumentId instrument);
}
