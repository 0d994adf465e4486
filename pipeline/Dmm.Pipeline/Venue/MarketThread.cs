using System.Threading.Channels;
using Dmm.Core;

namespace Dmm.Pipeline.Venue;

/// <summary>
/// The one thread on which the market lives, on real time: it lets happen what is due, and answers questions in the order in which they came. Whoever
/// asks goes on elsewhere: nothing outside can hold the market up.
/// </summary>
internal sealed class MarketThread : IDisposable
{
    /// <summary>Questions that may wait; who comes then waits to be let in.</summary>
    public const int QuestionsMax = 1_024;

    // Timers count in milliseconds: a shorter wait would end before its time, again and again.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly Channel<Question> _questions =
        Channel.CreateBounded<Question>(new BoundedChannelOptions(QuestionsMax) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly VenueMarket _market;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ITimer _alarm;
    private readonly Thread _thread;
    private volatile bool _isStopping;

    /// <param name="market">Belongs to the thread from now on.</param>
    /// <param name="time">The host's clock. Where it goes back the market stands still meanwhile; after a leap it catches up at once.</param>
    public MarketThread(VenueMarket market, TimeProvider time)
    {
        (_market, _time) = (market, time);
        _alarm = time.CreateTimer(static thread => ((MarketThread)thread!).Wake(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _thread = new Thread(Run) { IsBackground = true, Name = "market" };
        _thread.Start();
    }

    /// <summary>Ends with the market: well when it was told to stop, otherwise with its fault.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Asks the market; what it does takes place at the venue's present time.</summary>
    /// <param name="question">Must not hand out anything that changes.</param>
    /// <param name="cancellation">Ends the wait to be let in; after that the question is answered in any case.</param>
    /// <exception cref="ChannelClosedException">The market has ended; nothing was done.</exception>
    public async Task<T> AskAsync<T>(Func<VenueMarket, T> question, CancellationToken cancellation)
    {
        var asked = new Question<T>(question);
        await _questions.Writer.WriteAsync(asked, cancellation);
        Wake();
        return await asked.Answer;
    }

    public void Dispose()
    {
        _isStopping = true;
        Wake();
        _thread.Join();
        _alarm.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_isStopping)
            {
                _market.AdvanceTo(Now());
                while (_questions.Reader.TryRead(out var question))
                {
                    _market.AdvanceTo(Now());
                    question.Ask(_market);
                }

                Sleep();
            }

            _ended.SetResult();
        }
        catch (Exception fault)
        {
            _ended.SetException(fault);
        }

        _questions.Writer.TryComplete();
        while (_questions.Reader.TryRead(out var question)) question.Refuse();
    }

    private void Sleep()
    {
        var now = Now();
        if (_market.NextAt is { } next)
        {
            if (next <= now) return;
            var wait = next - now;
            _alarm.Change(wait < ShortestWait ? ShortestWait : wait, Timeout.InfiniteTimeSpan);
            // A leap of the clock while the alarm was being set would make it ring late by as much.
            if (Now() - now >= ShortestWait) return;
        }

        _wake.Wait();
    }

    /// <summary>One wake-up that waits is enough.</summary>
    private void Wake()
    {
        if (_wake.CurrentCount == 0) _wake.Release();
    }

    private Timestamp Now() => Timestamp.Max(_market.Now, Timestamp.From(_time.GetUtcNow()));

    private abstract class Question
    {
        public abstract void Ask(VenueMarket market);

        public abstract void Refuse();
    }

    private sealed class Question<T>(Func<VenueMarket, T> question) : Question
    {
        private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Answer => _answer.Task;

        public override void Ask(VenueMarket market)
        {
            try
            {
                _answer.SetResult(question(market));
            }
            catch (Exception fault)
            {
                _answer.SetException(fault);
                throw;
            }
        }

        public override void Refuse() => _answer.SetException(new ChannelClosedException("the venue has ended"));
    }
}
