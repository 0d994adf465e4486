namespace Dmm.Core.Messages;

/// <summary>A venue's mid beside the consolidated fair value it was just weighed into.</summary>
/// <param name="Instrument">Whose mid it is.</param>
/// <param name="Mid">Numeraire per base asset; 0 while the instrument's book is not valid.</param>
/// <param name="FairValue">Consolidated, numeraire per base asset; 0 when there is none.</param>
public readonly record struct VenueMid(InstrumentId Instrument, double Mid, double FairValue);
