namespace Dmm.Wire.Ton;

/// <summary>What a cell is; the numbers are those in the first byte of exotic cells.</summary>
public enum CellType : byte
{
    Ordinary = 0,

    /// <summary>Stands for a subtree that was cut out of a proof: its hashes and depths.</summary>
    PrunedBranch = 1,

    /// <summary>Stands for a cell of the masterchain's library, by its hash.</summary>
    LibraryReference = 2,
    MerkleProof = 3,
    MerkleUpdate = 4,
}
