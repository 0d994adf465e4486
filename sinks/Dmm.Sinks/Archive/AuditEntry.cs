using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire.Journal;

namespace Dmm.Sinks.Archive;

/// <summary>What the audit log says of a record.</summary>
/// <param name="Kind">runStart, operatorCommand, countAcceptance, parameterChange, tradingState, breaker or alert.</param>
/// <param name="At">Engine time: an input's stamp, or the time of what a decision follows from.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Actor">Who ordered it; <c>engine</c> for the engine's own conclusions.</param>
/// <param name="Text">What happened and why, in words.</param>
/// <param name="Place">The record in its journal, as <c>run 1</c>, <c>input 5</c> or <c>decision 7</c>.</param>
internal sealed record AuditEntry(string Kind, Timestamp At, string Subject, string Actor, string Text, string Place)
{
    private const string Engine = "engine";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>What the audit log holds of that record; null where it holds nothing.</summary>
    public static AuditEntry? Of(in FollowedRecord record)
    {
        if (record.IsDecision) return Of(record.Decision);
        var journal = record.Journal;
        return journal.Header is { } header ? Of(header) : Of(journal.Stamp, journal.Input.Control);
    }

    /// <summary>How the canonical text of that row begins.</summary>
    public static string Start(long number) => string.Create(CultureInfo.InvariantCulture, $"{{\"number\":{number},");

    /// <summary>One JSON object on one line, its members always in this order, so that equal entries are equal bytes.</summary>
    public string Canonical(long number, string journal)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Relaxed))
        {
            json.WriteStartObject();
            json.WriteNumber("number", number);
            json.WriteString("at", At.ToString());
            json.WriteString("journal", journal);
            json.WriteString("place", Place);
            json.WriteString("kind", Kind);
            json.WriteString("subject", Subject);
            json.WriteString("actor", Actor);
            json.WriteString("text", Text);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static AuditEntry Of(RunHeader header) => new("runStart", header.StartedAt, Say($"run {header.Run}"), Engine,
        $"code {header.CodeVersion}, platform {header.Platform}, configuration {header.ConfigurationHash}, {ArchiveText.Of(header.Mode)}, "
            + $"parameters {Digest(header.Parameters)}", Say($"run {header.Run}"));

    private static AuditEntry? Of(in Stamp stamp, ControlMessage message) => message switch
    {
        OperatorCommand command =>
            new("operatorCommand", stamp.At, ArchiveText.Of(command.Action), command.Operator, command.Reason, InputOf(stamp)),
        CountAcceptance acceptance =>
            new("countAcceptance", stamp.At, $"count of {acceptance.Subject}", acceptance.Operator, acceptance.Reason, InputOf(stamp)),
        ParameterChange change =>
            new("parameterChange", stamp.At, $"parameters {Digest(change.Parameters)}", change.Operator, change.Reason, InputOf(stamp)),
        _ => null,
    };

    private static AuditEntry? Of(in Decision decision)
    {
        var (at, place) = (decision.Cause.At, Say($"decision {decision.Number}"));
        return decision.Body switch
        {
            TradingStateChange change =>
                new("tradingState", at, $"{ArchiveText.Of(change.From)} to {ArchiveText.Of(change.To)}", Engine, change.Reason, place),
            BreakerState breaker => new("breaker", at, $"{ArchiveText.Of(breaker.Kind)} {breaker.Subject}", Engine,
                $"demands {ArchiveText.Of(breaker.Demand)}: {breaker.Reason}", place),
            Alert alert => new("alert", at, alert.Subject, Engine, $"{ArchiveText.Of(alert.Level)}: {alert.Text}", place),
            _ => null,
        };
    }

    /// <summary>SHA-256 over the set's text, which stands in the tables of runs and of parameter changes.</summary>
    private static string Digest(QuotingParameters parameters) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ParametersText.Of(parameters))));

    private static string InputOf(in Stamp stamp) => Say($"input {stamp.Sequence}");

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
