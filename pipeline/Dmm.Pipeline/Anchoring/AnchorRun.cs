using System.Collections.Immutable;
using System.Globalization;
using Dmm.Pipeline.Wallets;
using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Anchoring;

/// <summary>
/// Deploys the anchor of a wallet, and posts the audit log's head to it. Neither is believed before the contract itself shows it; either is under way
/// once, and goes on where it was interrupted.
/// </summary>
internal sealed class AnchorRun(WalletSession session, Action<string> tell)
{
    private const string DeployKind = "anchor-deploy", PostKind = "anchor-post";

    // A node may show a contract's state a block later than a trace.
    private const int AsksMax = 10;

    public AnchorContract Contract { get; } = new(session.Address);

    /// <summary>What the anchor keeps once it is there.</summary>
    /// <exception cref="UnsettledException">It is not there, and why.</exception>
    /// <exception cref="ContractException">The node does not tell.</exception>
    public async Task<AnchorState> DeployAsync(CancellationToken cancellation)
    {
        if (await StateAsync(cancellation) is { } there)
        {
            tell($"the anchor {Contract.Address} is there already: nothing is sent");
            return there;
        }

        var head = await session.Contracts.HeadAsync(cancellation);
        var intent = session.Prepare(DeployKind, givenId: null, head.At, (_, _) => [new(Contract.Deploy())]);
        await TakenAsync(intent, cancellation);
        return await ShownAsync(_ => true, cancellation)
            ?? throw new UnsettledException($"{intent.Id}: the chain has taken it, and the node shows no anchor at {Contract.Address} yet. Ask again later");
    }

    /// <summary>The posting once the contract keeps it.</summary>
    /// <param name="arguments">Of the archive and the node; the contract is this wallet's.</param>
    /// <param name="cancellation">Leaves it in the wallet's log.</param>
    /// <exception cref="UnsettledException">There is nothing to post, or the contract did not take it; why.</exception>
    /// <exception cref="ContractException">The node does not tell.</exception>
    public async Task<AnchorPost> PostAsync(AnchorArguments arguments, CancellationToken cancellation)
    {
        var intent = session.Unended.FirstOrDefault(i => PostOf(i) is not null);
        if (intent is not null) tell($"{intent.Id}: goes on where it was interrupted");
        else intent = await NextAsync(arguments, cancellation);
        var post = PostOf(intent)!;
        tell(string.Create(CultureInfo.InvariantCulture, $"{intent.Id}: posting {post.Sequence} (row {post.Rows}, head {post.Head})"));
        await TakenAsync(intent, cancellation);
        var shown = await ShownAsync(state => state.Sequence >= post.Sequence, cancellation);
        if (shown is { } kept && (kept.Sequence > post.Sequence || kept.Head == post.Head)) return post;
        throw new UnsettledException($"{intent.Id}: {await RefusalAsync(intent, cancellation)}");
    }

    private async Task<SpendIntent> NextAsync(AnchorArguments arguments, CancellationToken cancellation)
    {
        var reading = await AnchorReading.ReadAsync(arguments, session.Clock, cancellation);
        if (reading.Obstacle is { } obstacle) throw new UnsettledException($"nothing to post: {obstacle}");
        var head = await session.Contracts.HeadAsync(cancellation);
        // The number of the posting tells its answer from any other.
        return session.Prepare(PostKind, givenId: null, head.At, (_, _) => [new(Contract.Post(
            reading.Told.Sequence + 1, reading.Told, (ulong)reading.Chain.Rows, Hash256.FromHex(reading.Chain.Head)))]);
    }

    private async Task TakenAsync(SpendIntent intent, CancellationToken cancellation)
    {
        var outcome = await session.SettleAsync(intent, cancellation);
        if (outcome.End != SendEnd.Traced) throw new UnsettledException($"{intent.Id}: {SendProgress.Text(outcome)}");
    }

    /// <summary>The posting of an intent to this anchor; null of any other.</summary>
    private AnchorPost? PostOf(SpendIntent intent) =>
        intent.Id.StartsWith(PostKind, StringComparison.Ordinal) && Message.Read(intent.Transfers[0].Message) is { } message
        && message.Destination == Contract.Address
            ? AnchorPost.Read(message.Body)
            : null;

    private async Task<AnchorState?> StateAsync(CancellationToken cancellation)
    {
        try
        {
            return await session.Contracts.AskAsync<AnchorState>(
                Contract.Address, AnchorState.Method, [],
                (items, out state, out fault) => AnchorState.TryRead(items, out state, out fault), cancellation);
        }
        catch (ContractException)
        {
            // Where there is none nobody answers.
            return null;
        }
    }

    private async Task<AnchorState?> ShownAsync(Func<AnchorState, bool> isIt, CancellationToken cancellation)
    {
        for (var asked = 1; ; asked++)
        {
            if (await StateAsync(cancellation) is { } state && isIt(state)) return state;
            if (asked == AsksMax) return null;
            await Task.Delay(session.Interval, session.Clock, cancellation);
        }
    }

    private async Task<string> RefusalAsync(SpendIntent intent, CancellationToken cancellation)
    {
        var trace = await session.TraceAsync(intent.Id, cancellation);
        var exit = trace.Transactions.FirstOrDefault(t => t.Account == Contract.Address)?.Exit;
        return exit switch
        {
            null => $"nothing came to the anchor {Contract.Address}: dmm anchor deploy makes it",
            0 => $"the anchor {Contract.Address} has taken it, and the node does not show it yet. Ask again later",
            AnchorExits.NotOwner => "the anchor refused: it is another wallet's",
            AnchorExits.PostedBefore => "the anchor refused: a posting of that number or a later one was taken before",
            AnchorExits.Gap => "the anchor refused: a number is left out",
            AnchorExits.OtherPrevious => "the anchor refused: it keeps another head than the one that was read",
            AnchorExits.NoNewRows => "the anchor refused: there are no new rows",
            var other => string.Create(CultureInfo.InvariantCulture, $"the anchor refused with exit code {other}"),
        };
    }
}
