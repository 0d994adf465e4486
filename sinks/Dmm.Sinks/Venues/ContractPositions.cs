using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Sinks;

/// <summary>A venue lists the positions that there are; what it does not list is none.</summary>
internal static class ContractPositions
{
    /// <summary>One report for each contract: what is listed of it together, and nothing where nothing is.</summary>
    public static ImmutableArray<PositionReport> OfEach(IEnumerable<Instrument> instruments, IReadOnlyCollection<PositionReport> listed) =>
    [
        .. instruments.Where(i => i.Kind != ContractKind.Spot).Select(instrument =>
        {
            PositionReport[] own = [.. listed.Where(p => p.Instrument == instrument.Id)];
            return own is [] ? new PositionReport(instrument.Id, 0, Timestamp.None) : own[0] with { Quantity = own.Sum(p => p.Quantity) };
        }),
    ];
}
