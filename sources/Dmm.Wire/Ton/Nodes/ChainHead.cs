namespace Dmm.Wire.Ton;

/// <summary>The last block of the masterchain that a node knows.</summary>
/// <param name="Seqno">Rises by one from block to block, and is the same at every node.</param>
/// <param name="At">Unix time in seconds at which it was made.</param>
public readonly record struct ChainHead(uint Seqno, uint At);
