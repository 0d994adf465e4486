using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Replay;
using Dmm.Pipeline.Running;
using Dmm.Sinks.Redis;
using Dmm.Wire.Bus;

namespace Dmm.Pipeline.Group;

/// <summary>What the desks of a node share.</summary>
/// <param name="Options">What was asked of the run.</param>
/// <param name="Group">What was asked of the group.</param>
/// <param name="Leases">Who owns what.</param>
/// <param name="Refuse">Takes records that cannot be used.</param>
/// <param name="Data">This node's own folder.</param>
/// <param name="Terminal">Where lines go.</param>
/// <param name="Log">Where all of it is kept.</param>
/// <param name="Time">The host's clock.</param>
internal sealed record NodeContext(RunOptions Options, GroupOptions Group, ILeaseStore Leases, Func<DeadLetter, CancellationToken, ValueTask> Refuse,
    DataFolder Data, Terminal Terminal, RunLog Log, TimeProvider Time);
