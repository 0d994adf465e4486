using Dmm.Pipeline.Commands;
using Dmm.Sinks.Ton;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Wallets;

/// <summary>Carries out one operation of the treasury: looks, signs, waits for the trace, and looks again.</summary>
internal static class TreasuryRun
{
    // A node that is asked for the supply may be a block behind the one that told the trace.
    private const int SupplyAsksMax = 5;

    /// <exception cref="BadInputException">The amount, the receiver or the balance does not allow it: nothing was signed.</exception>
    /// <exception cref="ContractException">The node or the minter does not tell what must be known first: nothing was signed.</exception>
    /// <exception cref="UnsettledException">Nobody can tell what became of it.</exception>
    public static async Task<TreasuryReport> RunAsync(
        WalletSession session, TreasuryOrder order, Action<string> tell, CancellationToken cancellation)
    {
        if (order.Receiver == session.Address)
            throw new BadInputException($"--to {order.Receiver} is the wallet itself: expected somebody else's address");
        var jetton = await session.Contracts.JettonAsync(order.Minter, cancellation);
        var (decimals, units) = order.Read(jetton.Content);
        var owner = await session.Contracts.HolderAsync(order.Minter, session.Address, cancellation);
        var receiver = order.Receiver is { } to ? await session.Contracts.HolderAsync(order.Minter, to, cancellation) : null;
        var head = await session.Contracts.HeadAsync(cancellation);
        var intent = session.Prepare(
            order.Name, order.Id, head.At, (id, _) => [new(order.Message(owner, units, OperationId.QueryOf(id)))]);
        var isNew = session.Kept(intent.Id) is null;
        if (isNew) await DemandAsync(session, order, owner, units, decimals, cancellation);
        if (order.Note is { } note) tell($"note: {note}");
        tell($"{intent.Id}: {order.Name} {TokenAmount.Text(units, decimals)} of {order.Minter}; --id {intent.Id} means this one, however often");
        var report = new TreasuryReport(order, intent.Id, session.Address, decimals, jetton.Content.Symbol, units)
        {
            // What is signed already may have changed it.
            SupplyBefore = session.IsSigned(intent.Id) ? null : jetton.Supply,
        };
        report = report with { Outcome = await session.SettleAsync(intent, cancellation) };
        if (report.Outcome.End != SendEnd.Traced) return report;
        var trace = await session.TraceAsync(intent.Id, cancellation);
        var queryId = OperationId.QueryOf(intent.Id);
        var settlement = receiver is null
            ? JettonSettlements.Burn(trace, owner, order.Minter, queryId)
            : JettonSettlements.Transfer(trace, owner, receiver, queryId);
        return await SupplyAsync(session, report with { Settlement = settlement }, cancellation);
    }

    private static async Task DemandAsync(
        WalletSession session, TreasuryOrder order, JettonHolder owner, UInt128 units, int decimals, CancellationToken cancellation)
    {
        var held = await session.Contracts.BalanceOrNothingAsync(order.Minter, owner, cancellation);
        if (held < units)
        {
            throw new BadInputException($"the jetton wallet {owner.Wallet} has {TokenAmount.Text(held, decimals)}: "
                + $"expected the {TokenAmount.Text(units, decimals)} of --amount. Nothing was signed");
        }
    }

    private static async Task<TreasuryReport> SupplyAsync(WalletSession session, TreasuryReport report, CancellationToken cancellation)
    {
        for (var asked = 1; ; asked++)
        {
            try
            {
                report = report with { SupplyAfter = (await session.Contracts.JettonAsync(report.Order.Minter, cancellation)).Supply };
            }
            catch (ContractException silent)
            {
                // What was settled is settled, whether or not anybody can be asked now.
                return report with { SupplyFault = silent.Message };
            }

            if (!report.AwaitsSupply || asked == SupplyAsksMax) return report;
            await Task.Delay(session.Interval, session.Clock, cancellation);
        }
    }
}
