using Dmm.Core.Ports;

namespace Dmm.Sinks.Journal;

/// <summary>
/// The journal that a spool stands in for. While it is away it is opened again without anybody waiting for that; once it works it is given, slice by
/// slice, what the spool holds.
/// </summary>
/// <param name="options">How it is opened, and when.</param>
/// <param name="spool">Holds what it does not have.</param>
internal sealed class SpooledPrimary(SpoolingJournalOptions options, JournalSpool spool) : IDisposable
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private Task<IResumableJournal>? _opening;
    private SpoolForwarder? _forwarder;
    private long _triedAt;

    /// <summary>Null while it has not been reached since the start.</summary>
    public IResumableJournal? Journal { get; private set; }

    /// <summary>Why it could not be written last.</summary>
    public string Failure { get; private set; } = "";

    /// <summary>Part of the spool has been given, the rest can be.</summary>
    public bool IsForwarding => _forwarder is not null;

    /// <summary>Opens it, which is waited for.</summary>
    /// <param name="mayBeAway">Whether that is no error.</param>
    /// <exception cref="JournalException">It cannot be opened.</exception>
    public async Task OpenAsync(bool mayBeAway)
    {
        try
        {
            Journal = await options.OpenPrimary().ConfigureAwait(false);
        }
        catch (JournalException away) when (away.Fault == JournalFault.Unwritable && mayBeAway)
        {
            Failure = away.Message;
        }

        _triedAt = options.Time.GetTimestamp();
        if (mayBeAway && Journal is not null) _forwarder = Forwarder(Journal);
    }

    /// <summary>It has failed just now, and is tried again after a while.</summary>
    public void Fail(JournalException failure) => (Failure, _triedAt) = (failure.Message, options.Time.GetTimestamp());

    /// <summary>Gives it the next slice of the spool, where it is time to try.</summary>
    /// <returns>Whether it has all of the spool now, flushed.</returns>
    public bool TakeSlice()
    {
        if (!IsForwarding && options.Time.GetElapsedTime(_triedAt) < RetryAfter) return false;
        _triedAt = options.Time.GetTimestamp();
        return Take(held: null);
    }

    /// <summary>The same at once, and with what is held besides, which the spool could not take.</summary>
    /// <returns>Whether it has all of both now, flushed; <see cref="Failure"/> says why not.</returns>
    public bool TakeAll(HeldRecords held)
    {
        if (Take(held)) return true;
        if (IsForwarding) Failure = "it takes what the spool holds first";
        return false;
    }

    public void StopForwarding()
    {
        _forwarder?.Dispose();
        _forwarder = null;
    }

    public void Dispose()
    {
        StopForwarding();
        Close(Journal);
        _opening?.ContinueWith(static opening => Close(opening.Result), TaskContinuationOptions.OnlyOnRanToCompletion);
    }

    private static void Close(IResumableJournal? journal)
    {
        try
        {
            journal?.Dispose();
        }
        catch (JournalException e) when (e.Fault is JournalFault.Unwritable or JournalFault.Locked)
        {
            // What it has not taken is in the spool, or was told by the flush before.
        }
    }

    private SpoolForwarder Forwarder(IResumableJournal journal) => new(spool.Directory, spool.Reader(), journal, options.Time);

    private bool Take(HeldRecords? held)
    {
        try
        {
            var isAll = Reach() && _forwarder!.Slice();
            if (isAll) held?.Write(Journal!);
            Journal?.Flush();
            if (isAll) StopForwarding();
            return isAll;
        }
        catch (JournalException e) when (e.Fault == JournalFault.Unwritable)
        {
            StopForwarding();
            Failure = e.Message;
            return false;
        }
    }

    /// <summary>Whether it can be written now: nothing waits for that.</summary>
    private bool Reach()
    {
        if (Journal is null)
        {
            _opening ??= options.OpenPrimary();
            if (!_opening.IsCompleted) return false;
            var opening = _opening;
            _opening = null;
            Journal = opening.GetAwaiter().GetResult();
        }

        Journal.Flush();
        _forwarder ??= Forwarder(Journal);
        return true;
    }
}
