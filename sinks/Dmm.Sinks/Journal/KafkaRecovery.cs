using Dmm.Core.Ports;
using Dmm.Sources.Journal;
using Dmm.Wire.Journal;

namespace Dmm.Sinks.Journal;

/// <summary>Finds out how far a journal on Kafka reaches up to a writer's claim, and whether the claim holds.</summary>
internal static class KafkaRecovery
{
    /// <exception cref="JournalException">
    /// <see cref="JournalFault.Locked"/>: another writer's claim prevails; or a record near the end is damaged or out of order.
    /// </exception>
    public static JournalPosition Of(KafkaJournalOptions options, KafkaJournalStream inputs, long inputsClaim, KafkaJournalStream decisions,
        long decisionsClaim)
    {
        var inputsBounds = Before(inputs, inputsClaim);
        var decisionsBounds = Before(decisions, decisionsClaim);
        var lastDecision = Last(options, decisions, decisionsBounds);
        if (Last(options, inputs, inputsBounds) is not { } lastInput)
        {
            return lastDecision is null ? default
                : throw decisions.Fail(lastDecision.Value, $"decision {lastDecision.Value.Head.Number} is there, but no input is");
        }

        if (lastDecision is { } decision && (decision.Run > lastInput.Run || decision.Head.Sequence > lastInput.Head.Sequence))
        {
            throw decisions.Fail(decision, $"decision {decision.Head.Number} of run {decision.Run} names input {decision.Head.Sequence}, but the "
                + $"inputs end with run {lastInput.Run}, input {lastInput.Head.Sequence}: the brokers lost inputs that were acknowledged");
        }

        var number = lastDecision is { } last && last.Run == lastInput.Run ? last.Head.Number
            : inputs.From(inputsBounds, line => line.Run >= lastInput.Run).First() is { Head.Kind: JournalKind.Run } header ? header.Head.Number - 1
            : lastDecision?.Head.Number ?? 0;
        return new(lastInput.Run, lastInput.Head.Sequence, lastInput.Head.At, number);
    }

    private static LogBounds Before(KafkaJournalStream stream, long claim) => stream.Bounds() with { End = claim };

    private static LogLine? Last(KafkaJournalOptions options, KafkaJournalStream stream, LogBounds bounds)
    {
        var last = stream.LastBefore(bounds, static _ => false);
        if (stream.Epoch < options.Epoch) return last;
        if (stream.Epoch == options.Epoch && stream.Claim == new JournalClaim(options.Epoch, options.Writer)) return last;
        throw KafkaJournalWriter.Fenced(options, stream.Epoch, stream.Claim is { } claim && claim.Epoch == stream.Epoch ? claim.Writer : null);
    }
}
