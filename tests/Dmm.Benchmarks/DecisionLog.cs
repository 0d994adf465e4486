using System.Security.Cryptography;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Topology.Engine;
using Dmm.Wire.Journal;

namespace Dmm.Benchmarks;

/// <summary>Counts decisions.</summary>
internal sealed class CountingLog : IEngineLog
{
    public int Decisions { get; private set; }

    public void OnInput(in Stamp stamp, in Input input, InputOrigin origin)
    {
    }

    public void OnDecision(in Decision decision) => Decisions++;
}

/// <summary>Hashes decisions as the journal writes them, and apart from them the quotes as they are.</summary>
internal sealed class HashingLog(InstrumentCatalog instruments) : IEngineLog, IDisposable
{
    private readonly JournalEncoder _encoder = new(instruments);
    private readonly JournalBuffer _line = new();
    private readonly IncrementalHash _decisions = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly IncrementalHash _quotes = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public int Decisions { get; private set; }

    public int Quotes { get; private set; }

    /// <summary>Of all decisions with number and cause; ends the hash.</summary>
    public string DecisionsSha256() => Convert.ToHexStringLower(_decisions.GetHashAndReset());

    /// <summary>Of the quotes alone, without number and cause; ends the hash.</summary>
    public string QuotesSha256() => Convert.ToHexStringLower(_quotes.GetHashAndReset());

    public void OnInput(in Stamp stamp, in Input input, InputOrigin origin)
    {
    }

    public void OnDecision(in Decision decision)
    {
        Decisions++;
        Append(_decisions, decision);
        TakeQuote(decision.Body);
    }

    public void TakeQuote(object body)
    {
        if (body is not QuoteTarget) return;
        Quotes++;
        Append(_quotes, new Decision(Quotes, new Cause(0, null, Timestamp.None), body));
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _decisions.Dispose();
        _quotes.Dispose();
    }

    private void Append(IncrementalHash hash, in Decision decision)
    {
        _line.Clear();
        _encoder.Decision(_line, decision);
        hash.AppendData(_line.Written);
    }
}
