using System.Globalization;
using Dmm.Pipeline.Commands;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Wallets;

/// <summary>What the treasury does with jettons.</summary>
internal enum TreasuryKind : byte
{
    /// <summary>Destroys them: the supply falls.</summary>
    Burn,

    /// <summary>Sends them to somebody: the supply stays.</summary>
    Transfer,
}

/// <summary>An operation of the treasury as it was asked for.</summary>
/// <param name="Kind">Which of the two.</param>
/// <param name="Minter">Of the jetton.</param>
/// <param name="Amount">In tokens, as somebody wrote it.</param>
/// <param name="Receiver">Of a transfer; null of a burn.</param>
/// <param name="Decimals">As the caller knows them; null where the chain is to tell.</param>
/// <param name="Id">The caller's own; null to go on with what was interrupted, or to draw one.</param>
internal sealed record TreasuryOrder(TreasuryKind Kind, Address Minter, string Amount, Address? Receiver, int? Decimals, string? Id)
{
    public string Name => Kind == TreasuryKind.Burn ? "burn" : "transfer";

    /// <summary>What people must know of the receiver; null for nothing.</summary>
    public string? Note => Receiver is { Account: var account } && account == default
        ? "the receiver is the zero address, which is nobody's: what is sent there is out of reach, and the supply does not fall. "
            + "dmm treasury burn makes it fall"
        : null;

    /// <summary>The decimals and the amount in smallest units.</summary>
    /// <exception cref="BadInputException">The amount is none, or caller and chain differ, or nobody tells the decimals.</exception>
    public (int Decimals, UInt128 Units) Read(JettonContent content)
    {
        if (Decimals is { } given && content.Decimals is { } told && given != told)
            throw new BadInputException($"--decimals {given}: the minter {Minter} tells {told}. Expected the same, or none");
        var decimals = Decimals ?? content.Decimals ?? throw new BadInputException(
            $"the minter {Minter} does not tell its decimals on the chain: expected them in --decimals");
        if (decimals is < 0 or > TokenAmount.DecimalsMax)
            throw new BadInputException(
                string.Create(CultureInfo.InvariantCulture, $"a jetton of {decimals} decimals: expected 0 to {TokenAmount.DecimalsMax}"));
        if (!TokenAmount.TryParse(Amount, decimals, out var units) || units == 0)
            throw new BadInputException(string.Create(
                CultureInfo.InvariantCulture, $"--amount '{Amount}': expected digits above zero, with a point and at most {decimals} decimals"));
        return (decimals, units);
    }

    /// <summary>The message to our jetton wallet.</summary>
    public InternalMessage Message(JettonHolder owner, UInt128 units, ulong queryId) => Kind == TreasuryKind.Burn
        ? JettonOrders.Burn(owner, units, queryId)
        : JettonOrders.Transfer(owner, Receiver!, units, queryId);
}
