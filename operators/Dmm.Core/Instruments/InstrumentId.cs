namespace Dmm.Core;

/// <summary>The place of an instrument in the run's <see cref="InstrumentCatalog"/>; small and dense, so that per-instrument state is an array.</summary>
public readonly record struct InstrumentId(int Index);
