using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dmm.Core;
using Dmm.Sinks.Following;

namespace Dmm.Pipeline.Running;

/// <summary>A part of a run that may fail while the run lives on, such as its archive.</summary>
/// <param name="Name">In words.</param>
/// <param name="Status">How it stands.</param>
internal sealed record RunHealthPart(string Name, FollowStatus Status);

/// <summary>What the local spool of an asset's journal holds that Kafka has not.</summary>
/// <param name="Asset">The traded asset.</param>
/// <param name="Records">Inputs and decisions.</param>
/// <param name="OldestSeconds">How long the oldest of them waits, at most.</param>
internal sealed record SpoolReport(string Asset, long Records, double OldestSeconds);

/// <summary>What a process says of itself once a second, in <c>health.json</c> of its data folder.</summary>
internal sealed record RunHealthReport
{
    /// <summary>Who reports less often than this is not believed to be alive, nor is one whose engine stood still for as long.</summary>
    public static readonly TimeSpan AgeMax = TimeSpan.FromSeconds(10);

    /// <summary>In its own name space of processes: a report from another container cannot be judged here.</summary>
    public required int ProcessId { get; init; }

    /// <summary>What it does, such as <c>demo</c> or <c>venue</c>.</summary>
    public required string Mode { get; init; }

    /// <summary>Trading state, in small letters; what stands for one where nothing is traded.</summary>
    public required string State { get; init; }

    /// <summary>When this was written, by the wall clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long the engine's clock had not moved then, s.</summary>
    public required double StillSeconds { get; init; }

    /// <summary>The stamp of the latest input, on the run's clock; null before the first.</summary>
    public required DateTimeOffset? LastInputAt { get; init; }

    public required ImmutableArray<RunHealthPart> Parts { get; init; }

    /// <summary>Spools that hold something.</summary>
    public ImmutableArray<SpoolReport> Spools { get; init; } = [];

    /// <summary>Why the process that wrote this is not alive and at work; null when it is. How it trades does not matter.</summary>
    /// <param name="now">By the wall clock.</param>
    /// <param name="isRunning">Whether there is a process of that id.</param>
    public string? Complaint(DateTimeOffset now, Func<int, bool> isRunning)
    {
        var age = now - At;
        if (!isRunning(ProcessId)) return Text($"process {ProcessId} is gone; it last reported {age.TotalSeconds:0.0} s ago");
        if (age > AgeMax) return Text($"process {ProcessId} has not reported for {age.TotalSeconds:0.0} s: expected every second");
        if (age < -AgeMax) return Text($"process {ProcessId} reported {-age.TotalSeconds:0.0} s ahead of this clock");
        if (StillSeconds > AgeMax.TotalSeconds) return Text($"the engine of process {ProcessId} has not moved for {StillSeconds:0.0} s");
        return null;
    }

    /// <summary>One line on how it stands, for a person; what does not work is told.</summary>
    public string Describe()
    {
        var line = new StringBuilder(Text($"{Mode} run of process {ProcessId}, {State}, reported {At:yyyy-MM-dd HH:mm:ss}Z"));
        foreach (var part in Parts.Where(p => !p.Status.IsWorking)) line.Append(Text($"; {part.Name} does not work: {part.Status.Detail}"));
        foreach (var (asset, records, seconds) in Spools)
            line.Append(Text($"; the spool of {asset} holds {records} records, the oldest for {seconds:0.0} s"));
        return line.ToString().ReplaceLineEndings(" ");
    }

    public ReadOnlyMemory<byte> ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMembers(json);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>The members of <see cref="ToJson"/>, into an object that is open.</summary>
    public void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteNumber("processId", ProcessId);
        json.WriteString("mode", Mode);
        json.WriteString("state", State);
        json.WriteString("at", At);
        json.WriteNumber("stillSeconds", StillSeconds);
        if (LastInputAt is { } at) json.WriteString("lastInputAt", at);
        json.WriteStartArray("parts");
        foreach (var (name, status) in Parts)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteBoolean("isWorking", status.IsWorking);
            json.WriteString("detail", status.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("spools");
        foreach (var (asset, records, seconds) in Spools)
        {
            json.WriteStartObject();
            json.WriteString("asset", asset);
            json.WriteNumber("records", records);
            json.WriteNumber("oldestSeconds", Math.Round(seconds, 1));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <exception cref="FormatException">It is not what <see cref="ToJson"/> makes.</exception>
    public static RunHealthReport Parse(ReadOnlyMemory<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var root = document.RootElement;
            return new()
            {
                ProcessId = root.GetProperty("processId").GetInt32(),
                Mode = root.GetProperty("mode").GetString()!,
                State = root.GetProperty("state").GetString()!,
                At = root.GetProperty("at").GetDateTimeOffset(),
                StillSeconds = root.GetProperty("stillSeconds").GetDouble(),
                LastInputAt = root.TryGetProperty("lastInputAt", out var at) ? at.GetDateTimeOffset() : null,
                Parts = [.. root.GetProperty("parts").EnumerateArray().Select(Part)],
                Spools = root.TryGetProperty("spools", out var spools) ? [.. spools.EnumerateArray().Select(Spool)] : [],
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new FormatException($"it cannot be read: {e.Message}");
        }
    }

    private static RunHealthPart Part(JsonElement part) => new(
        part.GetProperty("name").GetString()!, new(part.GetProperty("isWorking").GetBoolean(), part.GetProperty("detail").GetString()!));

    private static SpoolReport Spool(JsonElement spool) => new(
        spool.GetProperty("asset").GetString()!, spool.GetProperty("records").GetInt64(), spool.GetProperty("oldestSeconds").GetDouble());

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
