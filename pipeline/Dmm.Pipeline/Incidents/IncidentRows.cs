using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Pipeline.Incidents;

/// <summary>Rows of which the first so many are kept, and the rest only counted.</summary>
internal sealed class LimitedRows<T>(int limit)
{
    private readonly List<T> _kept = [];

    public IReadOnlyList<T> Kept => _kept;

    public long Count { get; private set; }

    public bool Add(T row)
    {
        Count++;
        if (_kept.Count == limit) return false;
        _kept.Add(row);
        return true;
    }
}

/// <summary>A change of the asset's trading state.</summary>
/// <param name="At">When.</param>
/// <param name="Change">From, to, and the reasons of every control that is not at rest.</param>
/// <param name="Sequence">The input that it followed: the cause itself, unless a timer was.</param>
/// <param name="Cause">The input, or the timer, in words.</param>
internal sealed record StateChangeRow(Timestamp At, TradingStateChange Change, long Sequence, string Cause);

/// <summary>One of our fills, and what became of the price after it.</summary>
internal sealed record FillRow(Timestamp At, Fill Fill, Instrument Instrument)
{
    /// <summary>Bps by horizon, above zero is good for us; those not known within the range are missing.</summary>
    public SortedDictionary<TimeSpan, double> Markouts { get; } = [];
}

internal enum EventKind : byte
{
    /// <summary>A person ordered something.</summary>
    Operator,

    /// <summary>Parameters changed.</summary>
    Parameters,

    /// <summary>The pipeline, a feed or an adapter warned.</summary>
    Alert,

    /// <summary>The journal could not be written, or lacks something.</summary>
    Gap,
}

/// <summary>Something that happened to the desk.</summary>
internal sealed record EventRow(Timestamp At, EventKind Kind, AlertLevel Level, string Subject, string Text);

/// <summary>A run that lies in the range, wholly or in part.</summary>
internal sealed record RunRow(
    long Number, Timestamp StartedAt, string CodeVersion, TradingMode Mode, string Platform, string ConfigurationHash);

/// <summary>One of the inputs and decisions around the moment.</summary>
/// <param name="At">Stamp of an input; time of the cause of a decision.</param>
/// <param name="Number">Sequence of an input, number of a decision.</param>
/// <param name="IsInput">An input, else a decision.</param>
/// <param name="Text">In words.</param>
/// <param name="Quote">The quote, where it is one.</param>
/// <param name="Parameters">In force for it.</param>
internal sealed record MomentRow(Timestamp At, long Number, bool IsInput, string Text, QuoteTarget? Quote, QuotingParameters Parameters);

/// <summary>A moment, and what was going on around it.</summary>
/// <param name="At">When.</param>
/// <param name="Why">Why this one.</param>
/// <param name="Before">What led to it, oldest first.</param>
/// <param name="After">What followed; its first is the moment itself.</param>
/// <param name="Quotes">In force just before.</param>
internal sealed record Moment(
    Timestamp At, string Why, ImmutableArray<MomentRow> Before, ImmutableArray<MomentRow> After, ImmutableArray<MomentRow> Quotes);
