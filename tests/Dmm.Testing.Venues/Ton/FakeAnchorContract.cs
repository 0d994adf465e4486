using Dmm.Wire.Ton;
using static Dmm.Testing.Venues.FakeJetton;

namespace Dmm.Testing.Venues;

/// <summary>The anchor of an owner on a chain of the tests, by the rules of the real one.</summary>
public sealed class FakeAnchorContract(Address owner) : IFakeContract
{
    private readonly AnchorContract _contract = new(owner);

    public Address Address => _contract.Address;

    /// <summary>Null before it is deployed.</summary>
    public AnchorState? State { get; set; }

    public bool Has(Address address) => address == Address;

    public FakeReceipt Receive(Message message)
    {
        if (message.Init is { } init && init.Address() == Address) State ??= AnchorState.Initial;
        if (message.Body.BitsCount == 0) return FakeReceipt.Nothing;
        if (State is not { } state) return new(-14);
        var post = AnchorPost.Read(message.Body);
        var exit = message.Source != owner ? AnchorExits.NotOwner
            : post.Sequence <= state.Sequence ? AnchorExits.PostedBefore
            : post.Sequence > state.Sequence + 1 ? AnchorExits.Gap
            : post.Previous != state.Head ? AnchorExits.OtherPrevious
            : post.Rows <= state.Rows ? AnchorExits.NoNewRows
            : 0;
        if (exit != 0) return new(exit);
        State = new(post.Sequence, post.Rows, post.Head);
        return new(0, new FakeSent(Address, owner, FakeTonChain.Left(message.Value), new JettonExcesses(post.QueryId).ToCell()));
    }

    public StackItem[]? Ask(Address address, string method, IReadOnlyList<StackItem> arguments) => State is { } state && method == AnchorState.Method
        ? [Number(state.Sequence), Number(state.Rows), StackItem.Named("num", $"0x{state.Head}")]
        : null;
}
