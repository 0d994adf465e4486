using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Sinks.Archive;
using Dmm.Sinks.Following;

namespace Dmm.Pipeline.Running;

/// <summary>Lets Postgres forget what is old, once soon after the start and then once a day, on threads of the pool.</summary>
internal sealed class DailyRetention : IDisposable
{
    private const string Store = "the retention in Postgres";

    private static readonly TimeSpan First = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    private readonly PostgresRetention _retention;
    private readonly TimeProvider _time;
    private readonly Action<StoreStatus> _onChange;
    private readonly Lock _running = new();
    private readonly ITimer _timer;
    private bool _hasFailed;
    private bool _disposed;

    /// <param name="retention">Owned by this from now on.</param>
    /// <param name="time">Gives the days.</param>
    /// <param name="onChange">Told when it fails, and when it works again.</param>
    public DailyRetention(PostgresRetention retention, TimeProvider time, Action<StoreStatus> onChange)
    {
        (_retention, _time, _onChange) = (retention, time, onChange);
        _timer = time.CreateTimer(static daily => ((DailyRetention)daily!).Run(), this, First, Interval);
    }

    public void Dispose()
    {
        _timer.Dispose();
        lock (_running)
        {
            _disposed = true;
            _retention.Dispose();
        }
    }

    private void Run()
    {
        lock (_running)
        {
            if (_disposed) return;
            try
            {
                _retention.Run(Timestamp.From(_time.GetUtcNow()));
                if (_hasFailed) _onChange(new(Store, new(true, "")));
                _hasFailed = false;
            }
            catch (SinkException failure)
            {
                // Tomorrow is soon enough: nothing is lost by what stays.
                if (!_hasFailed) _onChange(new(Store, new(false, failure.Message)));
                _hasFailed = true;
            }
        }
    }
}
