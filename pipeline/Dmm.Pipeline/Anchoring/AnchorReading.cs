using System.Collections.Immutable;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Pipeline.Running;
using Dmm.Sinks;
using Dmm.Sinks.Archive;
using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Anchoring;

/// <summary>What the anchor contract told, and the audit log's chain as it was followed after that.</summary>
/// <param name="Contract">The anchor's address.</param>
/// <param name="Told">Its last posting.</param>
/// <param name="Chain">The whole chain, with its head at that posting.</param>
/// <param name="Archive">Where the chain is.</param>
internal sealed record AnchorReading(Address Contract, AnchorState Told, AuditVerification Chain, string Archive)
{
    /// <summary>What the chain proves up to the posting.</summary>
    public AnchorFinding Finding { get; } = AnchorCheck.Compare(Told, Chain);

    /// <summary>Whether the chain agrees with the posting, and holds after it.</summary>
    public bool IsProved => Finding.IsProof && Chain.IsIntact;

    /// <summary>What it comes to in words.</summary>
    public string Reason => Finding.IsProof && !Chain.IsIntact ? $"{Finding.Text}, and is broken after it" : Finding.Text;

    /// <summary>Why nothing can be posted; null when something can. A chain that does not agree must not become the anchor's.</summary>
    public string? Obstacle =>
        Finding.Verdict is not (AnchorVerdict.Agrees or AnchorVerdict.NothingPosted) ? Finding.Text
        : !Chain.IsIntact ? Chain.Text
        : Finding.RowsSince == 0 ? "the audit log has no row that is not posted yet"
        : null;

    /// <summary>Asks the contract first: a posting that is made meanwhile then has rows that the chain has, too.</summary>
    /// <param name="arguments">As given.</param>
    /// <param name="time">For timeouts.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="BadInputException">Names every fault of the arguments; or the node or the archive does not tell.</exception>
    public static async Task<AnchorReading> ReadAsync(AnchorArguments arguments, TimeProvider time, CancellationToken cancellation)
    {
        List<string> faults = [];
        var contract = arguments.Contract(faults);
        var nodes = NodeAccess.Read(arguments.Nodes, arguments.IsTestnet, arguments.Variable, faults);
        var (archive, place) = Open(arguments, faults);
        using (archive)
        {
            if (contract is null || nodes.IsEmpty || archive is null) throw new BadInputException(faults);
            var told = await AskAsync(contract, nodes, time, cancellation);
            return new(contract, told, Follow(archive, told), place);
        }
    }

    private static (IArchive? Archive, string Place) Open(AnchorArguments arguments, List<string> faults)
    {
        try
        {
            if (arguments.Postgres is null)
            {
                var file = SqliteArchive.OpenToRead(DataFolder.ArchiveOf(arguments.Data));
                return (file, file.Path);
            }

            var database = PostgresArchive.OpenToRead(arguments.Postgres);
            return (database, database.Place);
        }
        catch (SinkException unusable)
        {
            faults.Add(unusable.Message);
            return (null, "");
        }
    }

    private static async Task<AnchorState> AskAsync(
        Address contract, ImmutableArray<NodeOptions> nodes, TimeProvider time, CancellationToken cancellation)
    {
        using var client = VenueHttp.Client();
        var node = string.Join(", else ", nodes);
        var reply = await TonNodes.Of(client, nodes, time).MethodAsync(contract, AnchorState.Method, [], cancellation);
        if (reply is not VenueReply<ImmutableArray<StackItem>>.Accepted { Value: var stack })
            throw new BadInputException($"{node} does not tell {AnchorState.Method} of {contract}: {reply.Fault.TrimEnd('.')}. "
                + "Expected a provider of that kind that is up, and an anchor at that address");
        return AnchorState.TryRead(stack, out var told, out var fault)
            ? told
            : throw new BadInputException($"{contract} is no anchor by what {node} tells: {fault}");
    }

    private static AuditVerification Follow(IArchive archive, in AnchorState told)
    {
        try
        {
            return archive.VerifyAudit((long)Math.Min(told.Rows, long.MaxValue));
        }
        catch (SinkException unreadable)
        {
            throw new BadInputException(unreadable.Message);
        }
    }
}
