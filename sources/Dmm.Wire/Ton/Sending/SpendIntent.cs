using System.Collections.Immutable;

namespace Dmm.Wire.Ton;

/// <summary>What a wallet is to send, once.</summary>
/// <param name="Id">The caller's; the same id again is the same intent, whatever happened in between.</param>
/// <param name="Transfers">A batch, in order; each with <see cref="SendMode.IgnoreErrors"/>, as the wallets demand.</param>
/// <param name="Deadline">Unix time in seconds of the chain from which on it must do nothing any more.</param>
public sealed record SpendIntent(string Id, ImmutableArray<WalletTransfer> Transfers, uint Deadline)
{
    public const int IdLengthMax = 64;

    /// <summary>What goes along with all messages.</summary>
    /// <exception cref="CellException">A transfer's cell is no message.</exception>
    public Coins Value => Transfers.Aggregate(Coins.Zero, (sum, t) => sum + Message.Read(t.Message).Value);

    /// <summary>What is wrong with it for a wallet; null when nothing is.</summary>
    public string? FaultFor(IWalletContract wallet)
    {
        if (Id.Length is 0 or > IdLengthMax || !Id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            return $"the intent's id has {Id.Length} characters: expected 1 to {IdLengthMax} letters, digits, hyphens, points and underscores";
        if (Transfers.Length < 1 || Transfers.Length > wallet.TransfersMax)
            return $"intent {Id} has {Transfers.Length} messages: expected 1 to {wallet.TransfersMax}";
        // All of the balance in one message is beyond any check of value and reserve.
        if (Transfers.Any(t => t.Mode != (SendMode.PayFeesSeparately | SendMode.IgnoreErrors)))
            return $"intent {Id} has a message of another mode than 3: expected fees apart from its value, and errors passed over";
        try
        {
            _ = Value;
            return null;
        }
        catch (CellException malformed)
        {
            return $"intent {Id} has a transfer that is no message: {malformed.Message}";
        }
        catch (OverflowException)
        {
            return $"intent {Id} sends more than an amount can hold";
        }
    }

    public bool IsSameAs(SpendIntent other) => Id == other.Id && Deadline == other.Deadline && Transfers.Length == other.Transfers.Length
        && Transfers.Zip(other.Transfers).All(pair => pair.First.Mode == pair.Second.Mode && pair.First.Message.Hash == pair.Second.Message.Hash);
}
