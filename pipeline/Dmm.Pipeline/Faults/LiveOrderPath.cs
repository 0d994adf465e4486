using Dmm.Core.Messages;
using Dmm.Simulation;
using Dmm.Sinks;
using Dmm.Wire;

namespace Dmm.Pipeline.Faults;

/// <summary>
/// The order path that live desks use, on virtual time at a faulty venue: <see cref="VenueOrders"/> itself and no model of it, so that what a fault
/// simulation proves is what trades.
/// </summary>
internal sealed class LiveOrderPath : IFaultOrderPath
{
    private static readonly OrderPathOptions Options = new()
    {
        ReceiveWindow = VenueRequests.ReceiveWindow, Reconnect = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1)),
    };

    /// <summary>A fault simulation of the live order path.</summary>
    public static FaultSettings Settings { get; } = new()
    {
        OrderPath = (venue, queue, random, write) => new LiveOrderPath(venue, queue, random, write),
    };

    private readonly AgendaContext _context;
    private readonly VenueOrders _orders;
    private Task _running = Task.CompletedTask;
    private bool _hasEnded;

    public LiveOrderPath(FaultyVenue venue, SimulationQueue queue, SeededRandom random, InputReceiver write)
    {
        _context = new(queue);
        _orders = new(new RequestedVenue(venue), Options, new AgendaTime(queue), random.NextDouble, (input, _) =>
        {
            if (!_hasEnded) write(input);
            return ValueTask.CompletedTask;
        });
    }

    public void Send(OrderIntent intent)
    {
        if (_running.IsFaulted) throw _running.Exception!;
        if (!_orders.TrySend(intent)) throw new InvalidOperationException("the order path takes no more orders");
    }

    public void Adopt(OrderIntent order) => _context.Within(() => _orders.Adopt(order));

    public void Heard(OrderUpdate update) => _orders.Heard(update);

    public void Run(string prefix) => _context.Within(() => _running = _orders.RunAsync(prefix, CancellationToken.None));

    public void CancelAllOurs(string prefix, Action done) => _context.Within(async () =>
    {
        await _orders.CancelAllOursAsync(prefix, CancellationToken.None);
        done();
    });

    public void End()
    {
        _hasEnded = true;
        _context.End();
    }
}
