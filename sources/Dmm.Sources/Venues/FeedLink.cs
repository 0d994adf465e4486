using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Sources;

/// <summary>
/// Tells of a venue's link as a whole: connected once every socket is up and what was missed of our orders and fills is known; anything less is told
/// too.
/// Thread-safe; what is told is told in its order.
/// </summary>
/// <param name="venue">Name of the venue.</param>
/// <param name="sockets">Each with whether it brings our orders and fills.</param>
/// <param name="account">Our orders and fills; null where market data alone is wanted.</param>
/// <param name="write">Takes what the engine is to know.</param>
internal sealed class FeedLink(
    string venue, IReadOnlyList<(string Name, bool HasAccount)> sockets, AccountStream? account, Func<Input, CancellationToken, ValueTask> write)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly bool[] _isUp = new bool[sockets.Count];
    private bool _isJoined = account is null;
    private bool _isConnected;

    // Of the latest turn of the account's sockets: what a resync of an older one found out is no longer complete.
    private long _turns;

    /// <summary>That socket has gone, or could not be had.</summary>
    public async Task DownAsync(int socket, string reason, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            (_isUp[socket], _isConnected) = (false, false);
            if (HasAccount(socket)) Interrupt();
            await TellAsync(FeedState.Disconnected, sockets.Count == 1 ? reason : $"{sockets[socket].Name}: {reason}", cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// That socket has answered all subscriptions. Ends once what was missed on it is known, and the venue is told as connected where that was all.
    /// </summary>
    public async Task UpAsync(int socket, CancellationToken cancellation)
    {
        var turn = await BeginAsync(socket, why: "", cancellation);
        if (turn is { } due) await JoinAsync(due, cancellation);
    }

    /// <summary>Something of our orders or fills was missed on a socket that is up. Ends as <see cref="UpAsync"/> does.</summary>
    public async Task ResyncAsync(int socket, string why, CancellationToken cancellation)
    {
        var turn = await BeginAsync(socket, why, cancellation);
        if (turn is { } due) await JoinAsync(due, cancellation);
    }

    /// <summary>The turn in which the account is to be resynced; null where it is not.</summary>
    private async Task<long?> BeginAsync(int socket, string why, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            _isUp[socket] = true;
            if (HasAccount(socket))
            {
                Interrupt();
                if (why.Length > 0)
                {
                    _isConnected = false;
                    await TellAsync(FeedState.Resyncing, why, cancellation);
                }

                if (Enumerable.Range(0, sockets.Count).All(i => _isUp[i] || !HasAccount(i))) return _turns;
            }

            await TellIfCompleteAsync(cancellation);
            return null;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task JoinAsync(long turn, CancellationToken cancellation)
    {
        await account!.ResyncAsync(cancellation);
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_turns != turn) return;
            _isJoined = true;
            await TellIfCompleteAsync(cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    private bool HasAccount(int socket) => account is not null && sockets[socket].HasAccount;

    private void Interrupt()
    {
        account!.Interrupt();
        _isJoined = false;
        _turns++;
    }

    private async ValueTask TellIfCompleteAsync(CancellationToken cancellation)
    {
        if (_isConnected || !_isJoined || !Array.TrueForAll(_isUp, up => up)) return;
        _isConnected = true;
        await TellAsync(FeedState.Connected, string.Join(", ", sockets.Select(s => s.Name)), cancellation);
    }

    private ValueTask TellAsync(FeedState state, string detail, CancellationToken cancellation) =>
        write(new Input(new FeedStatus(venue, state, detail)), cancellation);
}
