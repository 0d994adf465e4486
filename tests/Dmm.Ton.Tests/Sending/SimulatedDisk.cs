using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Sending;

/// <summary>What of a sender outlives it: the bytes that its file would have. A process that dies while it writes leaves a part of a
/// record.</summary>
internal sealed class SimulatedDisk(CrashPlan plan, Random chance) : ISendLog
{
    private readonly List<byte> _bytes = [];

    /// <summary>All that was ever whole on it, whatever was forgotten since.</summary>
    public List<SendRecord> Everything { get; } = [];

    /// <summary>Records that were forgotten.</summary>
    public int Forgotten { get; private set; }

    public IReadOnlyList<SendRecord> Read()
    {
        var (records, at) = (new List<SendRecord>(), 0);
        for (int end; (end = _bytes.IndexOf((byte)'\n', at)) >= 0; at = end + 1)
        {
            SendRecordText.TryParse(_bytes.GetRange(at, end - at).ToArray(), out var record, out var fault).ShouldBeTrue(fault);
            records.Add(record!);
        }

        _bytes.RemoveRange(at, _bytes.Count - at);
        return records;
    }

    public void Append(SendRecord record)
    {
        plan.Step();
        var line = SendRecordText.Format(record);
        var torn = chance.Next(line.Length);
        try
        {
            plan.Step();
        }
        catch (CrashException)
        {
            _bytes.AddRange(line.AsSpan(0, torn));
            throw;
        }

        _bytes.AddRange(line);
        Everything.Add(record);
        plan.Step();
    }

    public void Rewrite(IReadOnlyList<SendRecord> records)
    {
        // Whatever a process that dies here has written has another name.
        plan.Step();
        plan.Step();
        Forgotten += _bytes.Count(b => b == (byte)'\n') - records.Count;
        _bytes.Clear();
        foreach (var record in records) _bytes.AddRange(SendRecordText.Format(record));
        plan.Step();
    }
}
