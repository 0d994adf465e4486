using System.Globalization;
using Dmm.Core.Ports;

namespace Dmm.Wire.Ton;

/// <summary>What the chain proves against the anchor.</summary>
public enum AnchorVerdict : byte
{
    /// <summary>The chain holds, and at the last posting its head is the posted one.</summary>
    Agrees,

    /// <summary>Nothing was posted yet: nothing is proved.</summary>
    NothingPosted,

    /// <summary>The chain is broken in itself, at the last posting or before.</summary>
    Broken,

    /// <summary>Rows that were posted are gone.</summary>
    CutOff,

    /// <summary>The chain was written anew: at the last posting it has another head.</summary>
    Differs,
}

/// <param name="Verdict">What it comes to.</param>
/// <param name="RowsSince">Rows that the anchor says nothing of yet.</param>
/// <param name="Text">The same in words.</param>
public readonly record struct AnchorFinding(AnchorVerdict Verdict, long RowsSince, string Text)
{
    public bool IsProof => Verdict == AnchorVerdict.Agrees;
}

/// <summary>Compares a hash chain with the head that its anchor keeps.</summary>
public static class AnchorCheck
{
    /// <param name="told">What the contract told.</param>
    /// <param name="chain">The chain as it was followed, with its head at the rows that the contract told
    /// (<see cref="AuditVerification.HeadThere"/>).</param>
    public static AnchorFinding Compare(in AnchorState told, AuditVerification chain)
    {
        var since = told.Rows > long.MaxValue ? 0 : Math.Max(0, chain.Rows - (long)told.Rows);
        var (verdict, text) = Judge(told, chain);
        return new(verdict, since, text);
    }

    private static (AnchorVerdict Verdict, string Text) Judge(in AnchorState told, AuditVerification chain)
    {
        var posting = string.Create(CultureInfo.InvariantCulture, $"posting {told.Sequence} (row {told.Rows}, head {told.Head})");
        if (told == AnchorState.Initial) return (AnchorVerdict.NothingPosted, "the anchor keeps no posting yet");
        if (chain.FirstBroken is { } broken && (ulong)broken <= told.Rows)
            return (AnchorVerdict.Broken, $"the chain does not reach {posting}: {chain.Text}");
        if ((ulong)chain.Rows < told.Rows)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"the chain has {chain.Rows} rows: expected at least those of {posting}");
            return (AnchorVerdict.CutOff, text);
        }

        return chain.HeadThere == told.Head.ToString()
            ? (AnchorVerdict.Agrees, $"the chain agrees with {posting}")
            : (AnchorVerdict.Differs, $"the chain has the head {chain.HeadThere ?? "none"} there: expected that of {posting}");
    }
}
