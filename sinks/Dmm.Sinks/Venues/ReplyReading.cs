using System.Collections.Immutable;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Sinks;

/// <summary>Turns a body that a wire parses into the answer to a call: one message, or all; a body that cannot be read says nothing of what was
/// done.</summary>
public static class ReplyReading
{
    /// <summary>The only message of the body.</summary>
    public static VenueReply<T> One<T>(ReadOnlyMemory<byte> body, Func<ReadOnlyMemory<byte>, MessageBatch, ParseStatus> parse, Func<Input, T> take) =>
        All(body, parse, take) switch
        {
            VenueReply<ImmutableArray<T>>.Accepted { Value: [var one] } => new VenueReply<T>.Accepted(one),
            VenueReply<ImmutableArray<T>>.Accepted several => new VenueReply<T>.Unknown(
                $"the reply holds {several.Value.Length} messages: expected one"),
            var unknown => new VenueReply<T>.Unknown(unknown.Fault),
        };

    /// <summary>Every message of the body, in its order. The levels of books belong to the caller.</summary>
    public static VenueReply<ImmutableArray<T>> All<T>(
        ReadOnlyMemory<byte> body, Func<ReadOnlyMemory<byte>, MessageBatch, ParseStatus> parse, Func<Input, T> take)
    {
        // A batch of its own for each call: what points into it belongs to the caller.
        var batch = new MessageBatch();
        if (parse(body, batch) == ParseStatus.Rejected)
        {
            var reason = Enumerable.Range(0, batch.Count).Select(i => batch[i]).Where(i => i.Kind == InputKind.Control).Select(i => i.Control)
                .OfType<Rejected>().First().Reason;
            return new VenueReply<ImmutableArray<T>>.Unknown($"the reply cannot be read: {reason}");
        }

        return new VenueReply<ImmutableArray<T>>.Accepted([.. Enumerable.Range(0, batch.Count).Select(i => take(batch[i]))]);
    }
}
