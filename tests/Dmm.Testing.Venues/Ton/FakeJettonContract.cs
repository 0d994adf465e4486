using Dmm.Wire.Ton;
using static Dmm.Testing.Venues.FakeJetton;

namespace Dmm.Testing.Venues;

/// <summary>A jetton with all of its wallets on a chain of the tests; it may keep a tax of each transfer.</summary>
public sealed class FakeJettonContract(Address minter, int taxBps = 0, Cell? content = null) : IFakeContract
{
    /// <summary>With which its contracts refuse.</summary>
    public const int NotOwner = 705, TooLittle = 706;

    private readonly Dictionary<Address, Address> _owners = [];
    private readonly Dictionary<Address, UInt128> _balances = [];

    public Address Minter => minter;

    public UInt128 Supply { get; private set; }

    /// <summary>Called with what somebody received, once the receiver's wallet has it: the transfer's payload, and TON that went along.</summary>
    public Func<Address, JettonNotification, Coins, FakeSent[]>? Received { get; set; }

    /// <summary>Called when somebody has burnt.</summary>
    public Func<Address, JettonBurn, Coins, FakeSent[]>? Burnt { get; set; }

    public Address WalletOf(Address owner)
    {
        var wallet = new Address(0, new CellBuilder().StoreAddress(minter).StoreAddress(owner).Build().Hash);
        _owners[wallet] = owner;
        return wallet;
    }

    public UInt128 BalanceOf(Address owner) => _balances.GetValueOrDefault(WalletOf(owner));

    public void Mint(Address owner, UInt128 units)
    {
        _balances[WalletOf(owner)] = BalanceOf(owner) + units;
        Supply += units;
    }

    public void Burn(Address owner, UInt128 units)
    {
        _balances[WalletOf(owner)] -= units;
        Supply -= units;
    }

    public bool Has(Address address) => address == minter || _owners.ContainsKey(address);

    public FakeReceipt Receive(Message message) => MessageBodies.Read(message.Body, out _) switch
    {
        JettonTransfer transfer => Owned(message, transfer.Amount) ?? Send(message, transfer),
        JettonBurn burn => Owned(message, burn.Amount) ?? Burn(message, burn),
        JettonInternalTransfer arrived => Arrive(message, arrived),
        JettonBurnNotification burnt => new(0, new FakeSent(
            minter, burnt.Response ?? burnt.Sender, FakeTonChain.Left(message.Value), new JettonExcesses(burnt.QueryId).ToCell())),
        _ => new(0xFFFF),
    };

    public StackItem[]? Ask(Address address, string method, IReadOnlyList<StackItem> arguments) => method switch
    {
        JettonMethods.Data when address == minter =>
        [
            Number(Supply), StackItem.Named("num", "-0x1"), StackItem.Slice(minter),
            new(StackKind.Cell, (content ?? OnChain(("symbol", "DCT"), ("decimals", "9"))).ToBase64()), new(StackKind.Cell, Cell.Empty.ToBase64()),
        ],
        JettonMethods.WalletAddress when address == minter =>
            [StackItem.Slice(WalletOf(Cell.FromBase64(arguments[0].Text).Parse().LoadGivenAddress()))],
        // One that nobody ever paid is not there.
        JettonMethods.WalletData when _balances.TryGetValue(address, out var held) =>
            [Number(held), StackItem.Slice(_owners[address]), StackItem.Slice(minter), new(StackKind.Cell, Cell.Empty.ToBase64())],
        _ => null,
    };

    private FakeReceipt? Owned(Message message, UInt128 amount) => message.Source != _owners[message.Destination!] ? new(NotOwner)
        : _balances.GetValueOrDefault(message.Destination!) < amount ? new(TooLittle)
        : null;

    private FakeReceipt Send(Message message, JettonTransfer transfer)
    {
        _balances[message.Destination!] -= transfer.Amount;
        var tax = transfer.Amount * (UInt128)taxBps / 10_000;
        Supply -= tax;
        var body = new JettonInternalTransfer(
            transfer.QueryId, transfer.Amount - tax, message.Source, transfer.Response, transfer.ForwardTon, transfer.Payload);
        return new(0, new FakeSent(message.Destination!, WalletOf(transfer.Destination), FakeTonChain.Left(message.Value), body.ToCell()));
    }

    private FakeReceipt Arrive(Message message, JettonInternalTransfer arrived)
    {
        var (wallet, owner) = (message.Destination!, _owners[message.Destination!]);
        _balances[wallet] = _balances.GetValueOrDefault(wallet) + arrived.Amount;
        var told = new JettonNotification(arrived.QueryId, arrived.Amount, arrived.From, arrived.Payload);
        List<FakeSent> sent = [];
        if (arrived.ForwardTon > Coins.Zero) sent.Add(new(wallet, owner, arrived.ForwardTon, told.ToCell()));
        var left = FakeTonChain.Left(message.Value);
        if (arrived.Response is { } response && left > arrived.ForwardTon)
            sent.Add(new(wallet, response, left - arrived.ForwardTon, new JettonExcesses(arrived.QueryId).ToCell()));
        if (Received is not null) sent.AddRange(Received(owner, told, arrived.ForwardTon));
        return new(0, [.. sent]);
    }

    private FakeReceipt Burn(Message message, JettonBurn burn)
    {
        var owner = _owners[message.Destination!];
        Burn(owner, burn.Amount);
        var told = new JettonBurnNotification(burn.QueryId, burn.Amount, owner, burn.Response);
        var sent = new FakeSent(message.Destination!, minter, FakeTonChain.Left(message.Value), told.ToCell());
        return new(0, [sent, .. Burnt?.Invoke(owner, burn, message.Value) ?? []]);
    }
}
