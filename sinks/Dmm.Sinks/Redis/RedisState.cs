using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Sinks.Following;
using StackExchange.Redis;

namespace Dmm.Sinks.Redis;

/// <summary>
/// Each asset's state in Redis for who needs it at once, derived from journals alone: the server may lose everything, and gets it again. A batch is
/// applied by one script, or not at all. What lies between batches is read from the server, never from memory.
/// </summary>
public sealed class RedisState : IJournalSink
{
    internal const int RecentFills = 200;
    internal const int ToldEntries = 50_000;
    private const int StreamedFills = 100_000;
    private const int StreamedParameters = 10_000;
    private const int Attempts = 5;

    private readonly RedisConnection _redis;
    private readonly TimeProvider _time;

    private RedisState(RedisConnection redis, TimeProvider time) => (_redis, _time) = (redis, time);

    /// <summary>Connects; a server that is away is told by the calls that need it.</summary>
    /// <param name="options">Where, and under which keys.</param>
    /// <param name="time">Gives the time of writing.</param>
    /// <exception cref="ParameterException">The options are wrong; all faults are listed.</exception>
    public static RedisState Open(RedisOptions options, TimeProvider time) => new(RedisConnection.Open(options), time);

    public FollowCursor Position(FollowedJournal journal)
    {
        var (script, keys) = (RedisScripts.Position, new[] { _redis.Keys.Cursor(journal.Name) });
        return Cursor((string)_redis.Call(r => r.ScriptEvaluate(script, keys, [_redis.Keys.StatePrefix]))!);
    }

    public void Apply(FollowBatch batch)
    {
        var asset = batch.Run.Instruments.All[0].BaseAsset;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (TryApply(batch, asset)) return;
        }

        throw new SinkException(SinkFault.Unwritable, $"Redis at {_redis.Host} cannot be used: others keep changing the state of {asset}");
    }

    /// <summary>Every asset's state, in ordinal order of names; each is consistent in itself.</summary>
    /// <exception cref="SinkException">The store cannot be read.</exception>
    public ImmutableArray<StateSnapshot> Snapshots()
    {
        var assets = _redis.Call(r => r.SetMembers(_redis.Keys.Assets)).Select(a => (string)a!).Order(StringComparer.Ordinal);
        var snapshots = ImmutableArray.CreateBuilder<StateSnapshot>();
        foreach (var asset in assets)
        {
            var fields = _redis.Call(r => r.HashGetAll(_redis.Keys.State(asset))).ToDictionary(f => (string)f.Name!, f => (string)f.Value!);
            if (fields.Count > 0) snapshots.Add(StateReading.Snapshot(asset, fields));
        }

        return snapshots.ToImmutable();
    }

    public void Dispose() => _redis.Dispose();

    /// <returns>False when another writer came between reading and writing.</returns>
    private bool TryApply(FollowBatch batch, string asset)
    {
        var (name, keys) = (batch.Journal.Name, _redis.Keys);
        RedisKey[] read = [keys.Cursor(name), keys.State(asset)];
        var answer = (string[])_redis.Call(r => r.ScriptEvaluate(RedisScripts.Read, read))!;
        var cursor = Cursor(answer[0]);
        if (batch.From.Run > cursor.Run || batch.From.Sequence > cursor.Sequence || batch.From.Decision > cursor.Decision)
            throw new InvalidOperationException($"a batch of {name} begins after {batch.From}, but only {cursor} is taken");
        var reached = new FollowCursor(Math.Max(cursor.Run, batch.To.Run), Math.Max(cursor.Sequence, batch.To.Sequence),
            Math.Max(cursor.Decision, batch.To.Decision));
        if (reached == cursor) return true;
        var stored = new Dictionary<string, string>();
        for (var i = 1; i < answer.Length; i += 2) stored[answer[i]] = answer[i + 1];
        RedisKey[] written =
            [.. read, keys.RecentFills(asset), keys.Told(asset), keys.Fills, keys.Parameters, keys.Assets];
        var arguments = Arguments(batch, asset, answer[0], reached, stored);
        return (int)_redis.Call(r => r.ScriptEvaluate(RedisScripts.Apply, written, arguments)) == 1;
    }

    private RedisValue[] Arguments(FollowBatch batch, string asset, string cursor, FollowCursor reached, Dictionary<string, string> stored)
    {
        var changes = new StateChanges(batch, Cursor(cursor), stored).Fold(reached);
        // A journal's state yields to that of a newer one which is there already.
        var isOlder = stored.TryGetValue(StateFields.JournalNumber, out var number)
            && long.Parse(number, CultureInfo.InvariantCulture) > batch.Journal.Number;
        var isReset = changes.IsReset && !isOlder;
        var changed = isOlder
            ? []
            : changes.Fields.Where(f => isReset || !stored.TryGetValue(f.Key, out var was) || was != f.Value).ToDictionary();
        var message = StateReading.Message(changed);
        if (!isOlder) changed[StateFields.WrittenAt] = Timestamp.From(_time.GetUtcNow()).ToString();

        List<RedisValue> values =
        [
            cursor, StateReading.Place(stored), asset, (string)_redis.Keys.Events(asset)!,
            RecentFills, ToldEntries, StreamedFills, StreamedParameters,
            12, "run", reached.Run, "sequence", reached.Sequence, "decision", reached.Decision, "number", batch.Journal.Number,
            "ledger", batch.Journal.Ledger, "asset", asset,
            isReset ? 1 : 0, 2 * changed.Count,
        ];
        foreach (var (field, value) in changed)
        {
            values.Add(field);
            values.Add(value);
        }

        values.Add(isOlder ? 0 : 1);
        values.Add(changes.Fills.Count);
        foreach (var fill in changes.Fills)
        {
            values.AddRange([fill.Key, fill.Order, fill.Json, fill.Fields.Count]);
            values.AddRange(fill.Fields.Select(f => (RedisValue)f));
        }

        values.Add(changes.ParameterChanges.Count);
        foreach (var change in changes.ParameterChanges)
        {
            values.AddRange([change.Key, change.Order, change.Fields.Count]);
            values.AddRange(change.Fields.Select(f => (RedisValue)f));
        }

        values.Add(message);
        values.Add(StateReading.MessageStart(asset, batch.Journal.Name, reached, changes.Fields.GetValueOrDefault(StateFields.AsOf, "")));
        return [.. values];
    }

    private static FollowCursor Cursor(string text)
    {
        var parts = text.Split(' ');
        return new(Number(parts[0]), Number(parts[1]), Number(parts[2]));
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
