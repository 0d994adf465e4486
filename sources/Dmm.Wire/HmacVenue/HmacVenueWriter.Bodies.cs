using System.Buffers;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <content>The bodies of REST replies.</content>
public sealed partial class HmacVenueWriter
{
    /// <summary>The body of a REST error.</summary>
    public void ErrorBody(string code, string words, TimeSpan retryAfter, IBufferWriter<byte> into)
    {
        Begin(into);
        WriteError(code, words, retryAfter);
        End();
    }

    /// <summary>The body of the order-book reply.</summary>
    public void BookBody(in BookUpdate snapshot, IBufferWriter<byte> into)
    {
        Begin(into);
        var instrument = _instruments[snapshot.Instrument];
        _json.WriteString("symbol"u8, instrument.Symbol);
        _json.WriteNumber("u"u8, snapshot.LastUpdateId);
        Levels(snapshot, instrument);
        End();
    }

    /// <summary>The body of the public trades reply, oldest first.</summary>
    public void TradesBody(InstrumentId id, ReadOnlySpan<Trade> trades, IBufferWriter<byte> into)
    {
        Begin(into);
        _json.WriteString("symbol"u8, _instruments[id].Symbol);
        Trades(trades, _instruments[id]);
        End();
    }

    /// <summary>The body of a reply with one order: to placing, amending, cancelling and asking.</summary>
    public void OrderBody(OrderUpdate order, IBufferWriter<byte> into)
    {
        Begin(into);
        _json.WritePropertyName("order"u8);
        Write(order);
        End();
    }

    /// <summary>The body of a reply with orders.</summary>
    /// <param name="orders">Each as it stands.</param>
    /// <param name="sequence">Of the last order message that these take in.</param>
    /// <param name="into">Where to.</param>
    public void OrdersBody(IEnumerable<OrderUpdate> orders, long sequence, IBufferWriter<byte> into)
    {
        Begin(into);
        _json.WriteNumber("seq"u8, sequence);
        _json.WriteStartArray("orders"u8);
        foreach (var order in orders) Write(order);
        _json.WriteEndArray();
        End();
    }

    /// <summary>The body of the reply to a cancel of many.</summary>
    public void CancelledBody(int count, IBufferWriter<byte> into)
    {
        Begin(into);
        _json.WriteNumber("cancelled"u8, count);
        End();
    }

    /// <summary>The body of the fills reply.</summary>
    /// <param name="fills">Oldest first.</param>
    /// <param name="sequence">Number of the account's last fill.</param>
    /// <param name="into">Where to.</param>
    public void FillsBody(IEnumerable<Fill> fills, long sequence, IBufferWriter<byte> into)
    {
        Begin(into);
        _json.WriteNumber("seq"u8, sequence);
        _json.WriteStartArray("fills"u8);
        foreach (var fill in fills) Write(fill);
        _json.WriteEndArray();
        End();
    }

    /// <summary>The body of the balances reply.</summary>
    public void BalancesBody(IEnumerable<(string Asset, decimal Total)> balances, Timestamp at, IBufferWriter<byte> into)
    {
        Begin(into);
        Time(at);
        _json.WriteStartArray("balances"u8);
        foreach (var (asset, total) in balances)
        {
            _json.WriteStartObject();
            _json.WriteString("asset"u8, asset);
            Number("total"u8, total);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        End();
    }

    /// <summary>The body of the instruments reply; all are trading but those named as halted.</summary>
    public void InstrumentsBody(IEnumerable<(Instrument Instrument, HmacFees Fees, bool IsTrading)> listed, IBufferWriter<byte> into)
    {
        Begin(into);
        _json.WriteStartArray("instruments"u8);
        foreach (var (instrument, fees, isTrading) in listed)
        {
            _json.WriteStartObject();
            _json.WriteString("symbol"u8, instrument.Symbol);
            _json.WriteString("base"u8, instrument.BaseAsset);
            _json.WriteString("quote"u8, instrument.QuoteAsset);
            _json.WriteString("kind"u8, instrument.Kind switch { ContractKind.Spot => "spot", ContractKind.Linear => "linear", _ => "inverse" });
            Number("tick"u8, instrument.Prices.Step);
            Number("lot"u8, instrument.Sizes.Step);
            Number("minimumSize"u8, instrument.MinimumSize);
            Number("minimumNotional"u8, instrument.MinimumNotional);
            Number("contractSize"u8, instrument.ContractSize);
            Number("makerFeeBps"u8, (decimal)fees.MakerFeeBps);
            Number("takerFeeBps"u8, (decimal)fees.TakerFeeBps);
            _json.WriteString("state"u8, isTrading ? "trading"u8 : "halted"u8);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        End();
    }

    /// <summary>The body of the reply to a batch, an element for each order that was asked for, in their order.</summary>
    public void BatchBody(IEnumerable<HmacBatchResult> results, IBufferWriter<byte> into)
    {
        Begin(into);
        _json.WriteStartArray("orders"u8);
        foreach (var (order, code, words) in results)
        {
            _json.WriteStartObject();
            if (order is null)
            {
                WriteError(code, words, TimeSpan.Zero);
            }
            else
            {
                _json.WritePropertyName("order"u8);
                Write(order);
            }

            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        End();
    }

    private void WriteError(string code, string words, TimeSpan retryAfter)
    {
        _json.WriteStartObject("error"u8);
        _json.WriteString("code"u8, code);
        _json.WriteString("message"u8, words);
        if (retryAfter > TimeSpan.Zero) _json.WriteNumber("retryAfterMs"u8, (long)Math.Ceiling(retryAfter.TotalMilliseconds));
        _json.WriteEndObject();
    }
}
