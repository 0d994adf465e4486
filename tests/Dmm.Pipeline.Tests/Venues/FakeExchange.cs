using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Testing.Venues;

namespace Dmm.Pipeline.Tests.Venues;

/// <summary>An exchange on loopback with books around 10 000 ticks.</summary>
internal sealed class FakeExchange : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private ITimer? _life;
    private long _stirred;

    public FakeExchange(IVenueDialect dialect, TimeProvider time, params Instrument[] instruments)
    {
        _time = time;
        Market = new FakeMarket(instruments, time);
        Venue = new FakeVenue(dialect, Market, time);
        foreach (var instrument in instruments)
        {
            Market.Rest(instrument, Side.Buy, 9_990, 100 * instrument.OrderStepLots);
            Market.Rest(instrument, Side.Sell, 10_010, 100 * instrument.OrderStepLots);
        }
    }

    public FakeMarket Market { get; }

    public FakeVenue Venue { get; }

    /// <summary>From now on something far from the middle changes in each book, again and again, so that none is stale.</summary>
    public void Live(TimeSpan every) => _life = _time.CreateTimer(_ => Stir(), null, every, every);

    public async ValueTask DisposeAsync()
    {
        if (_life is not null) await _life.DisposeAsync();
        await Venue.DisposeAsync();
        Market.Dispose();
    }

    private void Stir()
    {
        var step = Interlocked.Increment(ref _stirred);
        foreach (var instrument in Market.Instruments) Market.Rest(instrument, Side.Buy, 9_900 - step % 7, instrument.OrderStepLots);
    }
}
