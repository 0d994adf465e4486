using Dmm.Wire.Ton;

namespace Dmm.Ton.Tests.Tvm;

/// <summary>A standard jetton on the chain, whose minter's owner is a wallet of ours.</summary>
internal sealed class JettonOnChain
{
    private const uint MintOp = 21;

    private readonly TvmChain _chain;
    private readonly Cell _walletCode;

    private JettonOnChain(TvmChain chain, Cell walletCode, Address minter) => (_chain, _walletCode, Minter) = (chain, walletCode, minter);

    public Address Minter { get; }

    public static JettonOnChain Deploy(TvmChain chain, WalletOnChain owner)
    {
        var code = chain.JettonCode();
        var content = new CellBuilder().StoreUInt(1, 8).StoreBytes("https://example.org/dct.json"u8).Build();
        var minter = new StateInit(
            code.Minter, new CellBuilder().StoreAmount(0).StoreAddress(owner.Address).StoreRef(content).StoreRef(code.Wallet).Build());
        owner.Send(new InternalMessage(minter.Address(), Coins.Parse("0.5"), Cell.Empty, IsBounceable: false, minter));
        chain.Account(minter.Address()).State.ShouldBe("active");
        return new(chain, code.Wallet, minter.Address());
    }

    /// <summary>The jetton wallet of an owner follows from the contracts' code and data.</summary>
    public Address WalletOf(Address owner) => new StateInit(
        _walletCode,
        new CellBuilder().StoreAmount(0).StoreAddress(owner).StoreAddress(Minter).StoreRef(_walletCode).Build()).Address();

    public InternalMessage Mint(Address to, UInt128 amount)
    {
        var minted = new JettonInternalTransfer(5, amount, null, to, 0, ForwardPayload.None).ToCell();
        var body = new CellBuilder().StoreUInt(MintOp, 32).StoreUInt(5, 64).StoreAddress(to).StoreCoins(Coins.Parse("0.05")).StoreRef(minted).Build();
        return new(Minter, Coins.Parse("0.2"), body);
    }

    public UInt128 Balance(Address jettonWallet) => _chain.Call(jettonWallet, "get_wallet_data")[0].Number;

    public UInt128 Supply() => _chain.Call(Minter, "get_jetton_data")[0].Number;
}
