using System.Reactive;

namespace Dmm.Testing;

internal sealed class ValidatedObserver<T>(IObserver<T> observer, string where) : IObserver<T>
{
    private int _deliveringThread;
    private int _values;
    private Notification<T>? _terminal;
    private volatile bool _disposed;

    public Exception? ThrownByObserver { get; private set; }

    public void MarkDisposed() => _disposed = true;

    public void OnNext(T value) => Deliver(Notification.CreateOnNext(value));

    public void OnError(Exception error) => Deliver(Notification.CreateOnError<T>(error));

    public void OnCompleted() => Deliver(Notification.CreateOnCompleted<T>());

    private void Deliver(Notification<T> what)
    {
        Enter(what);
        try
        {
            CheckSilence(what);
            if (what.HasValue)
                _values++;
            else
                _terminal = what;
            what.Accept(observer);
        }
        catch (Exception error)
        {
            ThrownByObserver = error;
            throw;
        }
        finally
        {
            Volatile.Write(ref _deliveringThread, 0);
        }
    }

    private void Enter(Notification<T> what)
    {
        var thread = Environment.CurrentManagedThreadId;
        var delivering = Interlocked.CompareExchange(ref _deliveringThread, thread, 0);
        if (delivering == thread)
            throw Violation(ContractRule.NotReentrant, $"{what} began inside another delivery");
        if (delivering != 0)
            throw Violation(ContractRule.NotOverlapping, $"{what} began while another thread was delivering");
    }

    private void CheckSilence(Notification<T> what)
    {
        if (_terminal is not null)
            throw Violation(ContractRule.SilentAfterTerminal, $"{what} came after {_terminal}");
        if (_disposed)
            throw Violation(ContractRule.SilentAfterDispose, $"{what} came after the subscription was disposed");
    }

    private ContractViolationException Violation(ContractRule rule, string happened) => new(rule, where, $"{happened} (values so far: {_values})");
}
