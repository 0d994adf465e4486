using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Testing.Venues;

/// <summary>
/// What every feed brings to the engine of a market, whatever happens to its connections: the venue's own book, trades, and word of the link. Real
/// connections and real time; every wait is for something told.
/// </summary>
public abstract class BookFeedContract : VenueContract
{
    /// <summary>What can happen to a frame.</summary>
    public enum Mishap
    {
        Dropped,
        Repeated,
        Swapped,
        Truncated,
        Garbage,
        Oversized,
        BrokenOff,
        Silenced,
    }

    private const int OversizedLength = 5 << 20;

    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private int _stirred;

    public static TheoryData<Mishap> Mishaps => [.. Enum.GetValues<Mishap>()];

    protected override TimeProvider Clock => TimeProvider.System;

    protected FeedView View { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        View = new(Rig.Instruments);
        foreach (var other in Rig.Instruments.Skip(1))
        {
            Market.Rest(other, Side.Buy, Mid - Edge, 100);
            Market.Rest(other, Side.Sell, Mid + Edge, 100);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.Guarded("the end of the feed");
        await base.DisposeAsync();
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Connected_BooksOfAllInstruments_Trades()
    {
        await StartedAsync();
        Market.Take(Instrument, Side.Buy, Mid + Edge, 3 * Unit);
        await View.UntilAsync(v => v.Trades.Count == 1, "the trade");
        var trade = View.Trades[0];
        (trade.Aggressor, trade.PriceTicks, trade.SizeLots).ShouldBe((Side.Buy, Mid + Edge, 3 * Unit));
        await BookAsync();
    }

    [Theory]
    [MemberData(nameof(Mishaps))]
    public async Task MishapToABookFrame_TheBookIsTheVenuesAgain(Mishap mishap)
    {
        await StartedAsync();
        Venue.Faults.Next(FrameKind.Book, Fault(mishap));
        Stir(3);
        await NextChangeAsync();
    }

    /// <summary>The REST book that answers a gap is older than what the stream has said: it must be asked for again, not believed.</summary>
    [Theory]
    [InlineData(1, 3)]
    [InlineData(1, 12)]
    [InlineData(3, 12)]
    public async Task GapAndThenAStaleSnapshot_TheBookIsTheVenuesAgain(int staleAnswers, int updatesAgo)
    {
        await StartedAsync();
        Stir(8);
        await BookAsync();
        Venue.Faults.Next(FrameKind.Book, new FrameFault.Dropped());
        Market.ServeStaleBooks(staleAnswers, updatesAgo);
        Stir(4);
        await NextChangeAsync();
    }

    /// <summary>What was there before and is gone must not linger as a ghost.</summary>
    [Fact]
    public async Task LevelsGoneWhileAway_AreGoneAfterwards()
    {
        await StartedAsync();
        var number = Market.Rest(Instrument, Side.Buy, Mid - 1, Unit);
        await BookAsync();
        await Venue.GoAwayAsync();
        await View.UntilAsync(v => !v.IsConnected, "word of the lost link");
        Market.Withdraw(Instrument, number);
        Market.Rest(Instrument, Side.Sell, Mid - 1, Unit);
        Venue.ComeBack();
        await View.UntilAsync(v => v.IsConnected, "the link");
        await BookAsync();
    }

    [Fact]
    public async Task VenueSilent_ToldAsDisconnected_ThenConnectedAgain()
    {
        await StartedAsync();
        foreach (var socket in Venue.Sockets.All) socket.FallSilent();
        await View.UntilAsync(v => v.Statuses.Any(s => s.State == FeedState.Disconnected), "word of the silence");
        await View.UntilAsync(v => v.IsConnected && v.Connections > 1, "the link");
        Stir(1);
        await BookAsync();
    }

    [Fact]
    public async Task VenueRefusesConnections_TriedAgainUntilItTakesOne()
    {
        Venue.Faults.Add(r => r.Operation == VenueOperation.Connect, times: 3, new RequestFault.Failed(new(503, "busy")));
        await StartedAsync();
        View.Statuses.Count(s => s.State == FeedState.Disconnected).ShouldBeGreaterThanOrEqualTo(1);
    }

    /// <summary>The venue's clock is so far from ours that it takes no login: nothing private can be believed, and the feed says so.</summary>
    protected async Task StartedAsync()
    {
        Start("");
        await View.UntilAsync(v => v.IsConnected, "the link");
        await BookAsync();
    }

    protected void Start(string lastTradeId) => _running = Rig.RunFeedAsync(Client, Venue, Clock, lastTradeId, View.WriteAsync, _stop.Token);

    protected Task BookAsync() => View.UntilAsync(v => Rig.Instruments.All(i => v.IsTrueTo(Market, i)), "the venue's own book");

    /// <summary>What was lost at the end of a stream shows by what follows: the book must be right after the next change at the latest.</summary>
    protected async Task NextChangeAsync()
    {
        Stir(1);
        await BookAsync();
        await View.UntilAsync(v => v.IsConnected, "the link");
    }

    /// <summary>Other traders come and go: each change is a frame of its own.</summary>
    protected void Stir(int changes)
    {
        for (var i = 0; i < changes; i++)
        {
            var step = _stirred++ % 5;
            Market.Rest(Instrument, Side.Sell, Mid + Edge + step, Unit + _stirred);
            if (step % 2 == 0) Market.Take(Instrument, Side.Buy, Mid + Edge, Unit);
        }
    }

    protected static FrameFault Fault(Mishap mishap) => mishap switch
    {
        Mishap.Dropped => new FrameFault.Dropped(),
        Mishap.Repeated => new FrameFault.Repeated(),
        Mishap.Swapped => new FrameFault.Swapped(),
        Mishap.Truncated => new FrameFault.Truncated(),
        Mishap.Garbage => new FrameFault.Replaced(Encoding.UTF8.GetBytes("{\"channel\":\u0001")),
        Mishap.Oversized => new FrameFault.Oversized(OversizedLength),
        Mishap.BrokenOff => new FrameFault.BrokenOff(),
        _ => new FrameFault.Silenced(),
    };
}
