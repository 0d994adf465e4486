using Dmm.Core;
using Dmm.Core.Ports;

namespace Dmm.Sinks.Following;

/// <summary>An asset's state as the low-latency store held it at one moment, for the archive.</summary>
/// <param name="Asset">The traded asset.</param>
/// <param name="Journal">Name of the journal that the state follows from.</param>
/// <param name="Cursor">How far in that journal.</param>
/// <param name="AsOf">Engine time of the last record in it.</param>
/// <param name="StateJson">The state as one JSON object.</param>
public sealed record StateSnapshot(string Asset, string Journal, FollowCursor Cursor, Timestamp AsOf, string StateJson);
