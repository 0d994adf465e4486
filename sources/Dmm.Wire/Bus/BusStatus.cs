namespace Dmm.Wire.Bus;

/// <summary>How the brokers are reached.</summary>
/// <param name="IsUp">At least one answers.</param>
/// <param name="Detail">Why none does, in words; hosts are named, secrets never.</param>
public sealed record BusStatus(bool IsUp, string Detail);

/// <summary>Tells changes of <see cref="BusStatus"/>, each once. Thread-safe; it begins as down.</summary>
/// <param name="bootstrap">The brokers' addresses.</param>
/// <param name="onChange">Told on the thread that noticed; must not block.</param>
public sealed class BusHealth(string bootstrap, Action<BusStatus> onChange)
{
    private readonly Lock _lock = new();
    private volatile string _lastFault = "";
    private bool _isTold;

    public BusStatus Status { get; private set; } = new(false, "not connected yet");

    public void Up() => Tell(new(true, ""));

    /// <summary>None of the brokers answers; told with the last fault.</summary>
    public void Down() => Down($"no broker of {bootstrap} answers{(_lastFault.Length == 0 ? "" : $": {_lastFault}")}");

    public void Down(string reason) => Tell(new(false, reason));

    /// <summary>Down for this reason; told again where the reason told last was another.</summary>
    public void StillDown(string reason) => Tell(new(false, reason), isReasonNews: true);

    /// <summary>Something went wrong that need not mean more than one broker or one request.</summary>
    public void Note(string fault) => _lastFault = fault;

    /// <param name="statistics">As the client library writes them; when they show a broker that is up, so is the bus.</param>
    public void Take(string statistics)
    {
        if (!Status.IsUp && KafkaStatistics.HasBrokerUp(statistics)) Up();
    }

    private void Tell(BusStatus status, bool isReasonNews = false)
    {
        // Within the lock, so that changes are told in their order.
        lock (_lock)
        {
            if (_isTold && status.IsUp == Status.IsUp && !(isReasonNews && status.Detail != Status.Detail)) return;
            _isTold = true;
            Status = status;
            onChange(status);
        }
    }
}
