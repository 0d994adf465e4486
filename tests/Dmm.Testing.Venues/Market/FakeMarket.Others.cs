using Dmm.Core;

namespace Dmm.Testing.Venues;

/// <content>The other traders, whom the test plays.</content>
public sealed partial class FakeMarket
{
    /// <summary>Another trader's order that may rest; returns the number by which <see cref="Withdraw"/> finds it, 0 when nothing rests.</summary>
    public long Rest(Instrument instrument, Side side, long priceTicks, long lots) =>
        Submit(instrument, side, priceTicks, lots, TimeInForce.GoodTillCancelled);

    /// <summary>Another trader takes what stands up to that price.</summary>
    public void Take(Instrument instrument, Side side, long priceTicks, long lots) =>
        Submit(instrument, side, priceTicks, lots, TimeInForce.ImmediateOrCancel);

    /// <summary>Another trader's order leaves the book.</summary>
    public void Withdraw(Instrument instrument, long number)
    {
        lock (Gate)
        {
            Advance();
            _listings[instrument.Id].Exchange.Cancel(number);
            Settle();
        }
    }

    /// <summary>The account has so much more of an asset, and no trade of it: a deposit, or below zero a withdrawal.</summary>
    public void Deposit(string asset, decimal amount)
    {
        lock (Gate)
        {
            _account.Move(asset, amount);
            Happened?.Invoke(new MarketEvent.BalanceChanged(Balances.Single(b => b.Asset == asset)));
        }
    }

    /// <summary>The account has so many more contracts, and no fill of ours: by hand, by another program, or by a liquidation.</summary>
    public void MovePosition(Instrument instrument, decimal contracts)
    {
        lock (Gate) _account.Move(instrument.Id, contracts);
    }

    /// <summary>Another trader takes so much of an open order of the account, and first all that stands before it.</summary>
    /// <exception cref="InvalidOperationException">The order is not open, or has less left.</exception>
    public void Fill(string clientOrderId, long lots)
    {
        lock (Gate)
        {
            if (_account.Find(clientOrderId) is not { IsOpen: true } order || order.RemainingLots < lots)
                throw new InvalidOperationException($"{clientOrderId} has no {lots} lots that could fill: {_account.Find(clientOrderId)}");
            var before = _listings[order.Instrument.Id].LotsBefore(Key(order), order.Side, order.PriceTicks);
            Take(order.Instrument, order.Side == Side.Buy ? Side.Sell : Side.Buy, order.PriceTicks, before + lots);
        }
    }

    private long Submit(Instrument instrument, Side side, long priceTicks, long lots, TimeInForce timeInForce)
    {
        lock (Gate)
        {
            Advance();
            var number = _listings[instrument.Id].Exchange.Submit(side, priceTicks, lots, timeInForce);
            Settle();
            return number;
        }
    }
}
