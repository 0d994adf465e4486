using System.Globalization;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Replay;
using Dmm.Wire.Bus;

namespace Dmm.Pipeline.Incidents;

/// <summary>What was typed of a look into a journal.</summary>
internal sealed record IncidentArguments
{
    public required JournalSource Source { get; init; }

    public required string? From { get; init; }

    public required string? To { get; init; }

    public required string? At { get; init; }

    public required string[] WhatIf { get; init; }

    public required string? Out { get; init; }

    public required bool Verifies { get; init; }

    /// <summary>Whether a report is asked for, rather than the verification of the whole journal alone.</summary>
    public bool AsksForReport => From is not null || To is not null || At is not null || WhatIf.Length > 0 || Out is not null;

    /// <summary>Checks what can be checked before the journal is opened.</summary>
    /// <exception cref="BadInputException">Names every fault.</exception>
    public void Check()
    {
        List<string> faults = [];
        var kafka = Source.Kafka(faults);
        if (Source.Topic is not null && kafka is null && faults.Count == 0)
            faults.Add($"--topic needs --bootstrap: the brokers, as host:port; or {StoreAccess.KafkaVariable} in the environment");
        if (Source.Topic is null && Source.Bootstrap is not null) faults.Add("--bootstrap belongs to --topic");
        if (Source is { Topic: not null, Directory: not null }) faults.Add("expected one journal: either --topic or --journal");
        if (faults.Count > 0) throw new BadInputException(faults);
    }
}

/// <summary>A look into a journal, found possible.</summary>
internal sealed record IncidentOptions
{
    public required Timestamp From { get; init; }

    public required Timestamp To { get; init; }

    /// <summary>The moment to look at; null for the worst.</summary>
    public required Timestamp? At { get; init; }

    public required ReplayRange Range { get; init; }

    /// <summary>Null when nothing is to be tried.</summary>
    public required WhatIfChanges? WhatIf { get; init; }

    public required bool Verifies { get; init; }

    /// <summary>Folder of the report.</summary>
    public required string Out { get; init; }

    /// <summary>Reads what was typed against what the journal holds.</summary>
    /// <exception cref="BadInputException">Names every fault.</exception>
    /// <exception cref="JournalException">The journal cannot be believed.</exception>
    public static IncidentOptions Read(IncidentArguments arguments, IJournalReader journal)
    {
        var span = JournalSpan.Read(journal, arguments.Source.Name);
        List<string> faults = [];
        if (arguments.Source.Asset is { } asset && asset != span.Asset) faults.Add($"--asset {asset}: the journal is of {span.Asset}");
        var from = Instant("--from", arguments.From, span, faults) ?? span.Begin;
        var to = Instant("--to", arguments.To, span, faults) ?? span.End;
        var at = Instant("--at", arguments.At, span, faults);
        if (faults.Count == 0 && from >= to) faults.Add($"--from {InstantText.Of(from)} is not before --to {InstantText.Of(to)}");
        if (faults.Count == 0 && at is { } moment && (moment < from || moment > to))
            faults.Add($"--at {InstantText.Of(moment)} is outside the range, {InstantText.Of(from)} to {InstantText.Of(to)}");
        var run = journal.RunAt(Timestamp.Max(span.Begin, from < span.End ? from : span.End));
        var first = journal.Runs().First(header => header.Run == run);
        var whatIf = arguments.WhatIf.Length == 0 ? null : WhatIfChanges.Read(arguments.WhatIf, first.Instruments, first.Parameters, faults);
        if (faults.Count > 0) throw new BadInputException(faults);
        return new()
        {
            From = from, To = to, At = at, Range = new(first, to), WhatIf = whatIf, Verifies = arguments.Verifies,
            Out = arguments.Out ?? string.Create(CultureInfo.InvariantCulture, $"incident-{from.ToDateTimeOffset():yyyyMMdd'T'HHmmss'Z'}"),
        };
    }

    private static Timestamp? Instant(string option, string? text, JournalSpan span, List<string> faults)
    {
        if (text is null) return null;
        try
        {
            var at = InstantText.Parse(text, span);
            if (at < span.Begin) faults.Add($"{option} {InstantText.Of(at)} is before the journal begins: it holds {span}");
            else if (at > span.End) faults.Add($"{option} {InstantText.Of(at)} is after the journal ends: it holds {span}");
            else return at;
        }
        catch (FormatException unreadable)
        {
            faults.Add($"{option} {unreadable.Message}");
        }

        return null;
    }
}
