using System.Security.Cryptography;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Topology.Engine;
using Dmm.Wire.Journal;

namespace Dmm.Pipeline.Replay;

/// <summary>
/// SHA-256 over the lines of the decision journal, in order: what <c>sha256sum</c> says of all decision files of the journal put together. Runs
/// with equal digests decided the same, byte for byte.
/// </summary>
internal sealed class DecisionDigest(InstrumentCatalog instruments) : IDecisionSink, IDisposable
{
    private const int BlockBytes = 64 * 1024;

    private readonly JournalEncoder _encoder = new(instruments);
    private readonly JournalBuffer _lines = new(2 * BlockBytes);
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public long Count { get; private set; }

    public void OnDecision(in Decision decision)
    {
        Count++;
        _encoder.Decision(_lines, decision);
        if (_lines.Length >= BlockBytes) Absorb();
    }

    /// <summary>The digest of all decisions so far, 64 lower-case digits; more may follow.</summary>
    public string Current()
    {
        Absorb();
        return Convert.ToHexStringLower(_hash.GetCurrentHash());
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _hash.Dispose();
    }

    private void Absorb()
    {
        _hash.AppendData(_lines.Written);
        _lines.Clear();
    }
}
