using System.Collections.Immutable;
using System.Globalization;
using Dmm.Core.Ports;
using Dmm.Pipeline.Commands;
using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Wallets;

/// <summary>A jetton of a wallet.</summary>
/// <param name="Minter">Which.</param>
/// <param name="Wallet">Where, as the minter names it.</param>
/// <param name="Content">What the minter tells of the jetton.</param>
/// <param name="Units">How many, smallest units.</param>
internal sealed record JettonHolding(Address Minter, Address Wallet, JettonContent Content, UInt128 Units)
{
    /// <summary>In tokens where their decimals are told, else in smallest units.</summary>
    public string Text => Content.Decimals is { } decimals and <= TokenAmount.DecimalsMax
        ? $"{TokenAmount.Text(Units, decimals)} {Content.Symbol ?? "tokens"}"
        : $"{Units.ToString(CultureInfo.InvariantCulture)} smallest units{(Content.Symbol is { } symbol ? $" of {symbol}" : "")}";
}

/// <summary>What a wallet has.</summary>
internal sealed record WalletHolding(Address Address, WalletView View, ImmutableArray<JettonHolding> Jettons)
{
    /// <exception cref="ContractException">The node or a minter does not tell.</exception>
    public static async Task<WalletHolding> ReadAsync(
        IWalletContract wallet, ITonNode node, TonContracts contracts, IReadOnlyList<Address> minters, Action<string> tell, TimeProvider time,
        CancellationToken cancellation)
    {
        var reply = await new PatientNode(node, time, tell).WalletAsync(wallet, cancellation);
        if (reply is not VenueReply<WalletView>.Accepted { Value: var view })
            throw new ContractException($"the wallet {wallet.Address} is not told: {reply.Fault}");
        var jettons = ImmutableArray.CreateBuilder<JettonHolding>();
        foreach (var minter in minters)
        {
            var jetton = await contracts.JettonAsync(minter, cancellation);
            var holder = await contracts.HolderAsync(minter, wallet.Address, cancellation);
            jettons.Add(new(minter, holder.Wallet, jetton.Content, await contracts.BalanceOrNothingAsync(minter, holder, cancellation)));
        }

        return new(wallet.Address, view, jettons.ToImmutable());
    }

    public void Write(TextWriter output, string version, bool isTestnet)
    {
        var isDeployed = View.Seqno > 0;
        output.WriteLine($"wallet   {Address.ToString(new AddressForm(IsBounceable: isDeployed, isTestnet))}  {version}");
        output.WriteLine(isDeployed
            ? string.Create(CultureInfo.InvariantCulture, $"         deployed; its next number is {View.Seqno}")
            : "         not deployed yet: its first message does that");
        output.WriteLine($"TON      {View.Balance}");
        foreach (var jetton in Jettons) output.WriteLine($"jetton   {jetton.Text}  of {jetton.Minter}, in {jetton.Wallet}");
        output.WriteLine($"as of    {SendProgress.Time(View.ChainTime)}");
    }

    public string ToJson() => JsonLine.Of(json =>
    {
        json.WriteString("wallet", Address.ToString());
        json.WriteBoolean("isDeployed", View.Seqno > 0);
        json.WriteNumber("seqno", View.Seqno);
        json.WriteString("nanotons", View.Balance.Nano.ToString(CultureInfo.InvariantCulture));
        json.WriteNumber("at", View.ChainTime);
        json.WriteStartArray("jettons");
        foreach (var jetton in Jettons)
        {
            json.WriteStartObject();
            json.WriteString("minter", jetton.Minter.ToString());
            json.WriteString("wallet", jetton.Wallet.ToString());
            json.WriteString("symbol", jetton.Content.Symbol);
            if (jetton.Content.Decimals is { } decimals) json.WriteNumber("decimals", decimals);
            else json.WriteNull("decimals");
            json.WriteString("units", jetton.Units.ToString(CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
