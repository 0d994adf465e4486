using System.Collections.Immutable;

namespace Dmm.Wire.Ton;

/// <summary>
/// The project's contract that keeps the head of a hash chain (<c>anchor.tolk</c>): its owner posts the head, in postings that are numbered without a
/// gap, each naming the head before it. One contract, one owner, one chain.
/// </summary>
public sealed class AnchorContract
{
    /// <summary>Goes along with a posting; what is not used comes back as <see cref="JettonExcesses"/> with the posting's query.</summary>
    public static readonly Coins PostValue = 20_000_000;

    /// <summary>Goes along with the deployment, and stays: it pays for decades of storage.</summary>
    public static readonly Coins DeployValue = 50_000_000;

    /// <summary>The compiled code; <c>anchor.boc.txt</c> beside the source.</summary>
    public static readonly Cell Code = Load();

    /// <param name="owner">Who may post; our wallet.</param>
    /// <param name="workchain">0, or −1 for the masterchain.</param>
    public AnchorContract(Address owner, sbyte workchain = 0)
    {
        Owner = owner;
        Init = new(Code, AnchorState.Initial.ToData(owner));
        Address = Init.Address(workchain);
    }

    public Address Owner { get; }

    public StateInit Init { get; }

    public Address Address { get; }

    /// <summary>The message that deploys it. Sent again it only brings money.</summary>
    public InternalMessage Deploy() => new(Address, DeployValue, Cell.Empty, IsBounceable: false, Init);

    /// <summary>The message that posts a head after a known state.</summary>
    /// <param name="queryId">Comes back when the posting was taken.</param>
    /// <param name="last">What the contract told.</param>
    /// <param name="rows">Rows of the chain; more than at the last posting.</param>
    /// <param name="head">Hash of the last of them.</param>
    /// <exception cref="ArgumentOutOfRangeException">The chain has no new rows: the contract would refuse.</exception>
    public InternalMessage Post(ulong queryId, in AnchorState last, ulong rows, Hash256 head) =>
        new(Address, PostValue, AnchorPost.After(last, queryId, rows, head).ToCell());

    private static Cell Load()
    {
        using var stream = typeof(AnchorContract).Assembly.GetManifestResourceStream("Dmm.Wire.Ton.anchor.boc.txt")!;
        using var reader = new StreamReader(stream);
        return Cell.FromBase64(reader.ReadToEnd().Trim());
    }
}

/// <summary>Why the contract refuses; the message comes back, less its gas.</summary>
public static class AnchorExits
{
    /// <summary>Bits are missing or left over.</summary>
    public const int Malformed = 9;

    public const int NotOwner = 401;

    /// <summary>A posting of that number or a later one was taken.</summary>
    public const int PostedBefore = 402;

    /// <summary>A number is left out.</summary>
    public const int Gap = 403;

    /// <summary>The head before it is not the one that the contract keeps.</summary>
    public const int OtherPrevious = 404;

    public const int NoNewRows = 405;

    public const int UnknownOperation = 0xFFFF;
}
