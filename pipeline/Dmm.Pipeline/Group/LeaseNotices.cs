using Dmm.Core.Messages;
using Dmm.Sinks.Redis;

namespace Dmm.Pipeline.Group;

/// <summary>
/// Tells a desk whether it may send orders, as its lease stands: while a renewal fails there may be no time left later to cancel, so quotes are taken
/// away while they still may be. Before the desk is open it says itself when orders may leave; what the lease came to meanwhile is told as it opens.
/// Thread-safe.
/// </summary>
/// <param name="venue">Whose order path it is.</param>
/// <param name="status">How the lease stands now.</param>
/// <param name="write">Gives the desk an input.</param>
internal sealed class LeaseNotices(string venue, Func<LeaseStatus> status, Func<Input, Task> write)
{
    private readonly Lock _lock = new();
    private Task _telling = Task.CompletedTask;
    private bool _isOpen;
    private bool _mayQuote;

    /// <summary>The desk sends orders from now on, unless it is told otherwise.</summary>
    public void Open()
    {
        lock (_lock) (_isOpen, _mayQuote) = (true, true);
        Changed();
    }

    /// <summary>The lease stands otherwise than before. One that has ended is not told: the desk ends with it.</summary>
    public void Changed()
    {
        lock (_lock)
        {
            // As it stands now, whichever change this is the call for: what is told last is then what holds.
            var now = status();
            if (!_isOpen || now.State is not (LeaseState.Held or LeaseState.Failing) || _mayQuote == (now.State == LeaseState.Held)) return;
            _mayQuote = !_mayQuote;
            _telling = TellAsync(_telling, new(new AdapterStatus(venue, _mayQuote, now.Detail)));
        }
    }

    /// <summary>The desk has ended; completes when nothing is being told any more.</summary>
    public Task CloseAsync()
    {
        lock (_lock)
        {
            _isOpen = false;
            return _telling;
        }
    }

    /// <summary>One after the other, in the order of what happened.</summary>
    private async Task TellAsync(Task before, Input input)
    {
        await before;
        await write(input);
    }
}
