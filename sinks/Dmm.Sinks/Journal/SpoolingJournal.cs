using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Wire.Journal;

namespace Dmm.Sinks.Journal;

/// <summary>
/// A journal that goes on in a local folder while the place where it belongs is away. It has no thread of its own: all happens within the calls.
/// <list type="table">
/// <item><term>the journal works</term><description>records go there; <see cref="Flush"/> waits for it</description></item>
/// <item><term>it is <see cref="JournalFault.Unwritable"/></term><description>what is not flushed, and all that follows, goes into the spool, which
/// is safe before Flush returns</description></item>
/// <item><term>while there is a spool</term><description>each second a Flush tries the journal; once it works, each Flush forwards a slice (a
/// thousand records, 20 ms at most), in order; when nothing is left, records go to the journal again</description></item>
/// <item><term>a start with a spool left</term><description>it is forwarded before OpenAsync returns, or as above where the journal is away: what is
/// new comes behind it</description></item>
/// <item><term>neither works</term><description>Unwritable, naming both reasons; what was taken is kept, and goes to the first that comes
/// back</description></item>
/// <item><term>the journal is <see cref="JournalFault.Locked"/></term><description>thrown: another owner has it; a spool that is left can be told
/// from what that owner wrote, and is not mixed with it (<see cref="JournalFault.Disorder"/> at the next start)</description></item>
/// </list>
/// </summary>
public sealed class SpoolingJournal : IJournalWriter
{
    private const int HeldBytes = 1024 * 1024;

    private readonly SpoolingJournalOptions _options;
    private readonly JournalSpool _spool;
    private readonly HeldRecords _held = new();
    private readonly SpooledPrimary _primary;
    private readonly SpoolWaitingCell _waiting = new();
    private JournalPosition _spooledFrom;
    private bool _disposed;

    private SpoolingJournal(SpoolingJournalOptions options, Func<string, IJournalWriter> openSpool)
    {
        _options = options;
        _spool = new(options.Spool.Directory, openSpool, options.ReadSpool);
        _primary = new(options, _spool);
    }

    public JournalPathStatus Status { get; private set; } = new(JournalPath.Primary, "");

    public JournalPosition Position => Active.Position;

    /// <summary>What the spool holds and the journal does not, as of the last flush; for any thread.</summary>
    public SpoolWaiting Waiting => _waiting.Read();

    private bool IsSpooling { get; set; }

    private IJournalWriter Active => IsSpooling ? _spool.Writer : _primary.Journal!;

    /// <summary>Opens the journal, and the spool if a process before this one left one.</summary>
    /// <exception cref="JournalException">
    /// The journal is away and there is no spool, so that nobody knows how far it reaches; or another writer owns it; or the spool cannot be opened.
    /// </exception>
    public static Task<SpoolingJournal> OpenAsync(SpoolingJournalOptions options) =>
        OpenAsync(options, directory => SegmentJournalWriter.Open(options.Spool with { Directory = directory }));

    internal static async Task<SpoolingJournal> OpenAsync(SpoolingJournalOptions options, Func<string, IJournalWriter> openSpool)
    {
        var journal = new SpoolingJournal(options, openSpool);
        try
        {
            var isLeft = journal._spool.HasFolder && journal._spool.Open();
            await journal._primary.OpenAsync(mayBeAway: isLeft).ConfigureAwait(false);
            journal.Start(isLeft);
            return journal;
        }
        catch
        {
            journal._primary.Dispose();
            journal._spool.Dispose();
            throw;
        }
    }

    public void BeginRun(RunHeader header)
    {
        MakeRoom();
        Give(new JournalRecord(header));
        _held.Add(header);
    }

    public void Append(in Stamp stamp, in Input input, InputOrigin origin)
    {
        RequireRun();
        MakeRoom();
        Give(new JournalRecord(stamp, input, origin));
        _held.Add(stamp, input, origin);
    }

    /// <summary>A clock record that gets no further than the journal says nothing and is not kept.</summary>
    public void AppendClock(Timestamp reachedAt)
    {
        RequireRun();
        MakeRoom();
        var before = Position;
        if (reachedAt == before.ReachedAt) return;
        var reached = new Stamp(before.Sequence, reachedAt);
        Give(new JournalRecord(reached));
        _held.Add(reached);
    }

    public void Append(in Decision decision)
    {
        RequireRun();
        MakeRoom();
        try
        {
            Active.Append(decision);
        }
        catch (JournalException e) when (e.Fault == JournalFault.Unwritable)
        {
            Turn(e);
            Active.Append(decision);
        }

        _held.Add(decision);
    }

    public void Flush()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        try
        {
            Active.Flush();
        }
        catch (JournalException e) when (e.Fault == JournalFault.Unwritable)
        {
            // Nothing was taken yet, so that nothing is to be kept safe.
            if (_held.Run is null && !IsSpooling) return;
            Turn(e);
        }

        _held.Settle(Position);
        if (IsSpooling) Forward();
        else Tell(JournalPath.Primary, "");
    }

    /// <summary>Flushes, and lets go of both. What the spool holds stays there for the next start.</summary>
    /// <exception cref="JournalException">The last records could not be written; both are let go all the same.</exception>
    public void Dispose()
    {
        if (_disposed) return;
        try
        {
            Flush();
        }
        finally
        {
            _disposed = true;
            _primary.StopForwarding();
            _held.Dispose();
            _spool.Dispose();
            _primary.Dispose();
        }
    }

    private void Start(bool isLeft)
    {
        IsSpooling = isLeft;
        if (isLeft) _spooledFrom = _spool.Begin();
        if (isLeft) Tell(JournalPath.Spool, _primary.Journal is null ? _primary.Failure : "records of the process before are being forwarded");
        else if (_spool.IsOpen) _spool.Clear();
        // Nobody waits yet: whoever recovers from the journal finds all of it there.
        while (IsSpooling && _primary.IsForwarding) Forward();
    }

    private void Give(in JournalRecord record)
    {
        try
        {
            HeldRecords.Append(Active, record);
        }
        catch (JournalException e) when (e.Fault == JournalFault.Unwritable)
        {
            Turn(e);
            HeldRecords.Append(Active, record);
        }
    }

    private void RequireRun()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        // The journal itself may be in the middle of the run of a spool.
        if (_held.Run is null) throw new InvalidOperationException("no run was begun");
    }

    private void MakeRoom()
    {
        if (_held.Length >= HeldBytes) Flush();
    }

    /// <summary>One path has failed: what is held goes to the other one and is safe there, or this throws.</summary>
    private void Turn(JournalException failure)
    {
        if (IsSpooling) ToPrimary(failure);
        else ToSpool(failure);
    }

    private void ToSpool(JournalException failure)
    {
        _primary.Fail(failure);
        try
        {
            // What is there is in the journal: a clearing failed, or an attempt before this one.
            _spool.Clear();
            _spool.Open();
            _held.Begin(_spool.Writer);
            _spool.Writer.Flush();
        }
        catch (JournalException e) when (e.Fault == JournalFault.Unwritable)
        {
            throw Neither(e.Message);
        }

        IsSpooling = true;
        _spooledFrom = _held.Flushed;
        _held.Settle(Position);
        Tell(JournalPath.Spool, _primary.Failure);
    }

    /// <summary>The spool cannot be written: the journal takes the rest of it and what is held, if it is back.</summary>
    private void ToPrimary(JournalException failure)
    {
        if (!_primary.TakeAll(_held)) throw Neither(failure.Message);
        Return();
    }

    private void Forward()
    {
        if (_primary.TakeSlice())
        {
            Return();
            return;
        }

        // Given to the journal, and flushed, as far as that: a slice is the one or the other.
        if (_primary.IsForwarding && _primary.Journal!.Position is var given && given.Sequence > _spooledFrom.Sequence) _spooledFrom = given;
        _waiting.Write(Position, _spooledFrom);
        Tell(JournalPath.Spool, _primary.IsForwarding ? "the spool is being forwarded" : _primary.Failure);
    }

    private void Return()
    {
        IsSpooling = false;
        _waiting.Clear();
        _held.Settle(Position);
        try
        {
            _spool.Clear();
        }
        catch (JournalException e) when (e.Fault == JournalFault.Unwritable)
        {
            // It is cleared before it is used again; until then the folder holds what the journal has.
        }

        Tell(JournalPath.Primary, "");
    }

    private JournalException Neither(string spoolFailure)
    {
        var reason = $"neither the journal ({_primary.Failure}) nor the spool ({spoolFailure}) can be written";
        Tell(JournalPath.Neither, reason);
        return new(JournalFault.Unwritable, reason);
    }

    private void Tell(JournalPath path, string reason)
    {
        if (Status.Path == path && Status.Reason == reason) return;
        Status = new(path, reason);
        _options.OnStatus(Status);
    }
}
