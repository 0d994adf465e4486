using System.Collections.Immutable;
using Dmm.Wire.Bus;

namespace Dmm.Sources.Kafka;

/// <summary>
/// Records of topics, in the order of each partition. Cold: each subscription is a consumer of its own, with a thread that polls and one that
/// observes.
/// <list type="table">
/// <item><term>record read</term><description>observed, and stored as done only when it says <see cref="KafkaRecord.Applied"/></description></item>
/// <item><term>observer slow</term><description>reading waits at <see cref="KafkaRecordsOptions.AheadMax"/>; fetching is paused if that lasts, and
/// nothing is lost</description></item>
/// <item><term>brokers away, at the start or later</term><description>told as status; it goes on when they are back</description></item>
/// <item><term>retention removes the oldest records before the first is read</term><description>those asked for as
/// <see cref="BusPosition.Beginning"/> begin with what is left</description></item>
/// <item><term>the offset to begin at is gone, or retention overtakes reading (what is missing is named), access is refused, a hook fails</term><description>OnError with
/// <see cref="KafkaRecordsException"/></description></item>
/// <item><term>observer throws</term><description>the group is left, and the observer gets its exception by OnError</description></item>
/// <item><term>disposal</term><description>partitions are handed over, what is applied is stored, the group is left; nothing is observed
/// after</description></item>
/// </list>
/// It never completes.
/// </summary>
public sealed class KafkaRecords : IObservable<KafkaRecord>
{
    private readonly Func<IObserver<KafkaRecord>, KafkaSubscription> _subscribe;
    private ImmutableList<KafkaSubscription> _subscriptions = [];

    private KafkaRecords(Func<IObserver<KafkaRecord>, KafkaSubscription> subscribe) => _subscribe = subscribe;

    /// <summary>Partitions as a group gives them, from where the group has got to.</summary>
    /// <param name="options">Limits, and where the brokers are.</param>
    /// <param name="group">Which one, and who is told what it gives and takes.</param>
    /// <param name="time">Says when offsets and lags are due.</param>
    /// <param name="onChange">Told when the brokers are reached or lost; must not block.</param>
    public static KafkaRecords OfGroup(KafkaRecordsOptions options, KafkaGroup group, TimeProvider time, Action<BusStatus> onChange)
    {
        options.Checked();
        return new(observer =>
        {
            var health = new BusHealth(options.Kafka.Bootstrap, onChange);
            return new(observer, options, time, health, new GroupReading(options, group, health));
        });
    }

    /// <summary>Partitions by choice, each from a position; nothing is stored.</summary>
    /// <param name="options">Limits, and where the brokers are.</param>
    /// <param name="positions">One for each partition.</param>
    /// <param name="time">Says when lags are due.</param>
    /// <param name="onChange">Told when the brokers are reached or lost; must not block.</param>
    public static KafkaRecords Assigned(KafkaRecordsOptions options, ImmutableArray<BusPosition> positions, TimeProvider time,
        Action<BusStatus> onChange)
    {
        options.Checked();
        return new(observer => new(observer, options, time, new(options.Kafka.Bootstrap, onChange), new AssignedReading(options, positions)));
    }

    /// <summary>How far the observers are behind, as of the last second; partitions whose position is not known yet are left out.</summary>
    public ImmutableArray<PartitionLag> Lags => [.. Volatile.Read(ref _subscriptions).SelectMany(subscription => subscription.Lags)];

    /// <summary>How often fetching was paused since the subscriptions began.</summary>
    public long Pauses => Volatile.Read(ref _subscriptions).Sum(subscription => subscription.Pauses);

    /// <summary>Told of each measurement of lags, on the thread that polls.</summary>
    internal Action<IReadOnlyList<PartitionLag>> OnLags { get; set; } = static _ => { };

    public IDisposable Subscribe(IObserver<KafkaRecord> observer)
    {
        var subscription = _subscribe(observer);
        ImmutableInterlocked.Update(ref _subscriptions, static (all, one) => all.Add(one), subscription);
        subscription.Start(OnLags, () => ImmutableInterlocked.Update(ref _subscriptions, static (all, one) => all.Remove(one), subscription));
        return subscription;
    }
}
