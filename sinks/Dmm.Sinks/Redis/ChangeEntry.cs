using System.Globalization;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire.Journal;

namespace Dmm.Sinks.Redis;

/// <summary>A change of parameters, for the stream.</summary>
internal sealed class ChangeEntry(FollowedJournal journal, string asset, in Stamp stamp, ParameterChange change)
{
    /// <summary>What makes it one of its kind.</summary>
    public string Key { get; } = string.Create(CultureInfo.InvariantCulture, $"parameters|{journal.Name}|{stamp.Sequence}");

    /// <summary>As <see cref="FillEntry.Order"/>.</summary>
    public long Order { get; } = stamp.At.Ticks / TimeSpan.TicksPerMillisecond;

    /// <summary>Names and values in turn.</summary>
    public IReadOnlyList<string> Fields { get; } =
    [
        "journal", journal.Name, "sequence", stamp.Sequence.ToString(CultureInfo.InvariantCulture), "at", stamp.At.ToString(), "asset", asset,
        "operator", change.Operator, "reason", change.Reason, "parameters", ParametersText.Of(change.Parameters),
    ];
}
