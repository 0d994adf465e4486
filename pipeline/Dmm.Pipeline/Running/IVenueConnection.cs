using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Wire;

namespace Dmm.Pipeline.Running;

/// <summary>A venue that a desk quotes on.</summary>
internal interface IVenueConnection : IConnection
{
    OrderPathOptions OrderPath { get; }

    /// <summary>How long it may take until the venue reports that none of ours is open, when all are cancelled.</summary>
    TimeSpan CancelPatience => DeskRun.CancelPatience;

    /// <summary>Answers requests about those instruments.</summary>
    IOrderVenue Open(HttpClient client, IReadOnlyList<Instrument> instruments);

    /// <summary>The venue's dead-man's switch; null where it has none.</summary>
    IDeadManSwitch? DeadMan(IOrderVenue venue);

    /// <summary>Our orders, fills and the market data of those instruments.</summary>
    /// <param name="venue">As <see cref="Open"/> gave it, or told on.</param>
    /// <param name="instruments">The same.</param>
    /// <param name="lastTradeId">Behind which fills are fetched; empty for all that the venue keeps.</param>
    DeskFeed Feed(IOrderVenue venue, IReadOnlyList<Instrument> instruments, string lastTradeId);
}
