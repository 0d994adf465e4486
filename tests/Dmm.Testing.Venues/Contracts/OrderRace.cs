using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks;
using Dmm.Wire;

namespace Dmm.Testing.Venues;

/// <summary>One order on its way to a venue of its own, and back: what happens to the placement, to the cancel, and when it fills.</summary>
public sealed record OrderRace(
    VenueRig Rig, Instrument Instrument, long Unit, OrderRace.PlaceMishap Placing, OrderRace.CancelMishap Cancelling, OrderRace.FillMoment Filling)
{
    public enum PlaceMishap
    {
        None,

        /// <summary>The answer comes after the order has filled.</summary>
        AnswerLate,
        AnswerLost,
        NoAnswer,
        Lost,
        Failed,
        Repeated,
    }

    public enum CancelMishap
    {
        None,
        AnswerLost,
        NoAnswer,
        Lost,
        Failed,

        /// <summary>The venue says that the order has ended, though it has not.</summary>
        Refused,
        Repeated,
    }

    public enum FillMoment
    {
        Never,
        PartBeforeTheCancel,
        AllBeforeTheCancel,
        PartWithTheCancel,
        AllWithTheCancel,
    }

    /// <summary>Short, because real time passes; a machine that is busy for longer makes answers late, and nothing untrue.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(0.5);

    /// <summary>After that the venue takes nothing any more, as the path believes; shorter than that of any venue's wire.</summary>
    public static readonly TimeSpan ReceiveWindow = TimeSpan.FromSeconds(1.5);

    private const string Id = "d1x0x1";
    private const string Others = "byhand7";
    private const int Units = 4;

    /// <summary>A path with waits to match; it hears what it tells, as it does in the engine.</summary>
    public static VenueOrders NewPath(IOrderVenue venue, PathView view)
    {
        var path = new VenueOrders(
            venue,
            new OrderPathOptions
            {
                Reconnect = new(TimeSpan.FromSeconds(0.02), TimeSpan.FromSeconds(0.2)), ReceiveWindow = ReceiveWindow,
                ConfirmWithin = TimeSpan.FromSeconds(0.3), ReconcileEvery = TimeSpan.FromSeconds(1),
            },
            TimeProvider.System, () => 0.5, view.WriteAsync);
        view.Heard = path.Heard;
        return path;
    }

    public override string ToString() => $"placement {Placing}, cancel {Cancelling}, fill {Filling}";

    /// <summary>Null, or what was wrong.</summary>
    public async Task<string?> RunAsync()
    {
        using var market = new FakeMarket(Rig.Instruments, TimeProvider.System) { PostOnly = Rig.PostOnly };
        using var client = new HttpClient(new StampedRequests(new SocketsHttpHandler { AllowAutoRedirect = false })) { Timeout = Timeout.InfiniteTimeSpan };
        await using var venue = new FakeVenue(Rig.NewDialect(), market, TimeProvider.System) { LateAfter = ReceiveWindow };
        market.Place(new(Instrument, Others, Side.Sell, VenueContract.Mid + 2, Units * Unit));
        var view = new PathView(market, Rig);
        var path = NewPath(Rig.NewVenue(client, venue, TimeProvider.System, RigCredentials.Genuine, RequestTimeout), view);
        using var stop = new CancellationTokenSource();
        var running = path.RunAsync("d1x0", stop.Token);
        try
        {
            await RaceAsync(venue, market, path, view);
        }
        catch (Exception fault) when (fault is TimeoutException or InvalidOperationException)
        {
            return $"{this}: {fault.Message}; at the venue it is {market.Find(Rig.OnTheWire(Id))}";
        }
        finally
        {
            await stop.CancelAsync();
            await running.Guarded("the end of the path");
        }

        if (view.Violations.Count > 0) return $"{this}: {string.Join("; ", view.Violations)}";
        var open = market.OpenOrders.Select(o => o.ClientOrderId).ToArray();
        return open is [Others] ? null : $"{this}: open at the venue are {string.Join(", ", open)}";
    }

    private async Task RaceAsync(FakeVenue venue, FakeMarket market, VenueOrders path, PathView view)
    {
        var held = new HeldTraffic();
        if (PlaceFault(held) is { } placing)
            venue.Faults.Add(r => r.Operation is VenueOperation.Place or VenueOperation.PlaceBatch, times: 1, placing);
        var order = new OrderIntent
        {
            Kind = OrderIntentKind.Place, Instrument = Instrument.Id, ClientOrderId = Id, Side = Side.Buy, PriceTicks = VenueContract.Mid,
            SizeLots = Units * Unit, IsPostOnly = true,
        };
        path.TrySend(order);
        if (Placing == PlaceMishap.AnswerLate)
        {
            await held.Arrived.Guarded("the placement");
            FillBefore(market);
            held.Pass();
            await view.FirstWordAsync(Id);
        }
        else
        {
            await view.FirstWordAsync(Id);
            FillBefore(market);
        }

        if (CancelFaults() is { Length: > 0 } cancelling)
            venue.Faults.Add(r => r.Operation is VenueOperation.Cancel or VenueOperation.CancelBatch, times: 1, cancelling);
        path.TrySend(order with { Kind = OrderIntentKind.Cancel });
        await view.EndAsync(Id);
    }

    private void FillBefore(FakeMarket market)
    {
        if (Filling == FillMoment.PartBeforeTheCancel) Fill(market, Unit);
        if (Filling == FillMoment.AllBeforeTheCancel) Fill(market, Units * Unit);
    }

    /// <summary>Where the placement was lost there is nothing to fill.</summary>
    private void Fill(FakeMarket market, long lots)
    {
        lock (market.Gate)
        {
            if (market.Find(Rig.OnTheWire(Id)) is { IsOpen: true } order) market.Fill(order.ClientOrderId, lots);
        }
    }

    private RequestFault? PlaceFault(HeldTraffic held) => Placing switch
    {
        PlaceMishap.AnswerLate => new RequestFault.AnswerHeld(held),
        PlaceMishap.AnswerLost => new RequestFault.AnswerLost(),
        PlaceMishap.NoAnswer => new RequestFault.NoAnswer(),
        PlaceMishap.Lost => new RequestFault.Lost(),
        PlaceMishap.Failed => new RequestFault.Failed(new(503, "")),
        PlaceMishap.Repeated => new RequestFault.Repeated(),
        _ => null,
    };

    private RequestFault[] CancelFaults()
    {
        List<RequestFault> faults = [];
        if (Filling == FillMoment.PartWithTheCancel) faults.Add(new RequestFault.Preceded(m => Fill(m, Unit)));
        if (Filling == FillMoment.AllWithTheCancel) faults.Add(new RequestFault.Preceded(m => Fill(m, Units * Unit)));
        RequestFault? fault = Cancelling switch
        {
            CancelMishap.AnswerLost => new RequestFault.AnswerLost(),
            CancelMishap.NoAnswer => new RequestFault.NoAnswer(),
            CancelMishap.Lost => new RequestFault.Lost(),
            CancelMishap.Failed => new RequestFault.Failed(new(503, "")),
            CancelMishap.Refused => new RequestFault.Refused(new(RefusalCode.OrderEnded, "the order has ended, says the venue")),
            CancelMishap.Repeated => new RequestFault.Repeated(),
            _ => null,
        };
        if (fault is not null) faults.Add(fault);
        return [.. faults];
    }
}
