using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Pools;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Running;
using Dmm.Pipeline.Venues;
using Dmm.Wire.Bus;

namespace Dmm.Pipeline.Collecting;

/// <summary>What was asked of <c>dmm collect</c>, found sound.</summary>
internal sealed record CollectOptions
{
    private const double SpeedMax = 100_000;

    public required KafkaOptions Kafka { get; init; }

    /// <summary>For market data.</summary>
    public required string Topic { get; init; }

    /// <summary>Venues to connect to; empty where a recording is published.</summary>
    public required ImmutableArray<IMarketConnection> Venues { get; init; }

    /// <summary>Markets whose middle is published as a reference rate, <c>venue:symbol</c>.</summary>
    public required ImmutableArray<string> References { get; init; }

    /// <summary>The recording; null where venues are collected.</summary>
    public required CaptureSelection? Capture { get; init; }

    /// <summary>Recorded seconds a second; null for as fast as it goes.</summary>
    public required double? Speed { get; init; }

    /// <summary>The recording's times are moved to now.</summary>
    public required bool IsNow { get; init; }

    /// <summary>Null for until the recording ends, or until it is stopped.</summary>
    public required TimeSpan? Duration { get; init; }

    public required bool IsJson { get; init; }

    /// <summary>Folder for the health report; null for none.</summary>
    public required string? Data { get; init; }

    /// <param name="bootstrap">As given; null for what the environment says.</param>
    /// <param name="topic">As given.</param>
    /// <param name="captures">Files.</param>
    /// <param name="venues">Addresses and exchanges with their symbols, or with files the venues they are of.</param>
    /// <param name="symbols">Of the files.</param>
    /// <param name="pools">Pools on TON.</param>
    /// <param name="references">Markets, <c>venue:symbol</c>.</param>
    /// <param name="speed">Null where it is not given.</param>
    /// <param name="isNow">The recording's times are to be moved.</param>
    /// <param name="duration">Null where it is not given.</param>
    /// <param name="isJson">Nothing but the summary.</param>
    /// <param name="data">Folder for the health report; null for none.</param>
    /// <param name="time">The host's clock.</param>
    /// <exception cref="BadInputException">Names every fault.</exception>
    public static CollectOptions Read(string? bootstrap, string topic, IReadOnlyList<string> captures, IReadOnlyList<string> venues,
        IReadOnlyList<string> symbols, PoolArguments pools, IReadOnlyList<string> references, string? speed, bool isNow, string? duration,
        bool isJson, string? data, TimeProvider time)
    {
        List<string> faults = [];
        var kafka = KafkaOf(bootstrap, faults);
        var length = DurationOf(duration, faults);
        var pace = SpeedOf(speed, faults);
        var isCapture = captures.Count > 0;
        if (!isCapture && venues.Count == 0 && pools.Pools.Count == 0)
        {
            faults.Add("nothing to collect: expected --venue URL or KIND:SYMBOL, --pool KIND:ADDRESS, or --capture FILE with --venue NAME and "
                + "--symbol SYMBOL");
        }

        if (isCapture && pools.Pools.Count > 0) faults.Add("--pool is of live markets: a recording has its own");
        if (!isCapture && symbols.Count > 0)
            faults.Add("--symbol is of recordings: an exchange's symbols stand behind its name, and of a generic venue all are collected");
        if (!isCapture && speed is not null) faults.Add("--speed is of recordings: a venue has its own");
        if (!isCapture && isNow) faults.Add("--now is of recordings: a venue tells its own times");
        if (isNow && speed == RunOptions.MaximumSpeed) faults.Add($"--now needs a pace: expected a number as --speed, not {RunOptions.MaximumSpeed}");
        if (topic.Length == 0) faults.Add("--topic is empty: expected a name");
        var watched = PoolConnections.Read(pools, faults, time);
        var others = isCapture ? [] : MarketConnections.Read(venues, faults, time);
        foreach (var name in watched.Select(w => w.Name).Intersect(others.Select(o => o.Name)))
            faults.Add($"a --venue is called '{name}', as pools of that kind are: expected another name");
        var connections = others.AddRange(watched);
        CaptureSelection? selection = null;
        try
        {
            if (isCapture) selection = CaptureSelection.Read(captures, venues, symbols);
        }
        catch (BadInputException unusable)
        {
            faults.AddRange(unusable.Faults);
        }

        foreach (var reference in references)
        {
            if (reference.Split(':') is not [{ Length: > 0 } venue, { Length: > 0 }])
                faults.Add($"--reference '{reference}' is no market: expected VENUE:SYMBOL, such as {VenueAccess.StandardName}:TON-USDT");
            else if (!isCapture && connections.All(connection => connection.Name != venue))
                faults.Add($"--reference '{reference}': no --venue is called '{venue}', and no --pool is of that kind");
            else if (selection is not null && selection.Instruments.All.All(i => i.Name != reference))
            {
                faults.Add($"--reference '{reference}' is not recorded: expected one of "
                    + string.Join(", ", selection.Instruments.All.Select(i => i.Name)));
            }
        }

        if (faults.Count > 0) throw new BadInputException(faults);
        return new()
        {
            Kafka = kafka!, Topic = topic, Venues = connections, References = [.. references], Capture = selection, Speed = pace, IsNow = isNow,
            Duration = length, IsJson = isJson, Data = data,
        };
    }

    private static KafkaOptions? KafkaOf(string? bootstrap, List<string> faults)
    {
        var before = faults.Count;
        var kafka = StoreAccess.KafkaOf(bootstrap, faults);
        if (kafka is null && faults.Count == before)
            faults.Add($"no broker: expected --bootstrap HOST:PORT, or {StoreAccess.KafkaVariable} in the environment");
        return kafka;
    }

    private static double? SpeedOf(string? text, List<string> faults)
    {
        if (text is null) return 1;
        if (text == RunOptions.MaximumSpeed) return null;
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint;
        if (double.TryParse(text, Plain, CultureInfo.InvariantCulture, out var speed) && speed is > 0 and <= SpeedMax) return speed;
        faults.Add($"--speed '{text}' is no speed: expected a number above 0, up to {SpeedMax}, or {RunOptions.MaximumSpeed}");
        return null;
    }

    private static TimeSpan? DurationOf(string? text, List<string> faults)
    {
        if (text is null) return null;
        if (DurationText.TryParse(text, out var duration)) return duration;
        faults.Add($"--duration '{text}' is no length of time: expected {DurationText.Expected}");
        return null;
    }
}
