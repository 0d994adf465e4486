using System.Text.Json;
using System.Text.Json.Nodes;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Wire;

namespace Dmm.Testing.Venues;

/// <summary>Gate's web socket, from the venue's side: public and private channels at one address, each private one with its own proof.</summary>
internal sealed class GateioSocketDialect(GateioDialect venue, GateioJson written, GateioProduct product, IReadOnlyList<Instrument> instruments,
    FakeMarket market) : ISocketDialect
{
    private readonly bool _isSpot = product == GateioProduct.Spot;
    private readonly string _prefix = product == GateioProduct.Spot ? "spot." : "futures.";
    private readonly HashSet<(string Channel, string Symbol)> _subscribed = [];
    private readonly HashSet<string> _limited = new(StringComparer.Ordinal);

    public void Hear(ReadOnlySpan<byte> frame, IFrameSink sink)
    {
        try
        {
            using var document = JsonDocument.Parse(frame.ToArray());
            var command = document.RootElement;
            var name = command.GetProperty("channel").GetString()!;
            if (name == $"{_prefix}ping") Say(FrameKind.Reply, $"{_prefix}pong", "", null, sink);
            else if (!name.StartsWith(_prefix, StringComparison.Ordinal)) Fail(name, 2, "Invalid argument provided", sink);
            else Subscribe(name, command, sink);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            Fail($"{_prefix}?", 1, "Invalid request body format", sink);
        }
    }

    public void Tell(MarketEvent happened, IFrameSink sink)
    {
        switch (happened)
        {
            case MarketEvent.BookChanged book:
                TellBook(book, sink);
                break;
            case MarketEvent.Traded traded when Has("trades", traded.Instrument):
                JsonNode trade = written.Trade(traded.Instrument, traded.Trade);
                Say(FrameKind.Trade, $"{_prefix}trades", "update", _isSpot ? trade : new JsonArray(trade), sink);
                break;
            case MarketEvent.OrderChanged changed when Has("orders", changed.Order.Instrument):
                Say(FrameKind.Order, $"{_prefix}orders", "update", new JsonArray(written.Order(changed.Order, changed.Cause)), sink);
                break;
            case MarketEvent.Filled filled when Has("usertrades", filled.Fill.Order.Instrument):
                Say(FrameKind.Fill, $"{_prefix}usertrades", "update", new JsonArray(written.Fill(filled.Fill, isReply: false)), sink);
                break;
            case MarketEvent.BalanceChanged changed when _subscribed.Contains(("balances", "")) && (_isSpot || changed.Balance.Asset == "USDT"):
                Say(FrameKind.Balance, $"{_prefix}balances", "update", new JsonArray(Balance(changed.Balance)), sink);
                break;
        }
    }

    private void Subscribe(string name, JsonElement command, IFrameSink sink)
    {
        var channel = name[_prefix.Length..];
        string[] payload = command.TryGetProperty("payload", out var items) ? [.. items.EnumerateArray().Select(i => i.GetString()!)] : [];
        if (channel is "orders" or "usertrades" or "balances")
        {
            var auth = command.TryGetProperty("auth", out var proof) ? proof : default;
            var refusal = auth.ValueKind != JsonValueKind.Object
                ? new MarketRefusal(RefusalCode.UnknownKey, "no auth")
                : venue.Unproved(
                    auth.GetProperty("KEY").GetString()!, auth.GetProperty("SIGN").GetString()!, name, command.GetProperty("time").GetRawText(),
                        market.Clock);
            if (refusal is not null)
            {
                Fail(name, 4, "authentication fail", sink);
                return;
            }

            if (!_isSpot)
            {
                if (payload.Length == 0 || payload[0] != GateioDialect.UserId)
                {
                    Fail(name, 2, "invalid argument", sink);
                    return;
                }

                payload = payload[1..];
            }
        }

        if (!TryTake(channel, payload))
        {
            Fail(name, 2, $"unknown argument in {name}", sink);
            return;
        }

        Say(FrameKind.Reply, name, "subscribe", new JsonObject { ["status"] = "success" }, sink);
        if (channel != "obu") return;
        foreach (var instrument in instruments.Where(i => _limited.Contains(i.Symbol))) SayFull(instrument, sink);
    }

    private bool TryTake(string channel, string[] payload)
    {
        switch (channel)
        {
            case "obu":
                var symbols = payload.Select(p => p.Split('.') is ["ob", var symbol, _] ? symbol : "").ToArray();
                if (!symbols.All(IsKnown)) return false;
                _limited.UnionWith(symbols);
                return true;
            case "balances":
                return _subscribed.Add((channel, ""));
            case "order_book_update":
                if (payload.Length < 2 || !IsKnown(payload[0])) return false;
                return _subscribed.Add((channel, payload[0]));
            case "trades" or "book_ticker" or "tickers" or "orders" or "usertrades":
                if (payload.Length == 0 || !payload.All(IsKnown)) return false;
                foreach (var symbol in payload) _subscribed.Add((channel, symbol));
                return true;
            default:
                return false;
        }
    }

    private void TellBook(MarketEvent.BookChanged changed, IFrameSink sink)
    {
        var (instrument, update) = changed;
        if (Has("order_book_update", instrument))
        {
            var json = new JsonObject
            {
                ["t"] = GateioJson.Milliseconds(market.Clock), ["s"] = instrument.Symbol, ["U"] = update.FirstUpdateId, ["u"] = update.LastUpdateId,
                ["b"] = written.Levels(update.Bids, instrument, arePairs: false), ["a"] = written.Levels(update.Asks, instrument, arePairs: false),
            };
            if (update.IsSnapshot) json["full"] = true;
            Say(FrameKind.Book, $"{_prefix}order_book_update", "update", json, sink);
        }

        if (!_limited.Contains(instrument.Symbol)) return;
        var limited = new JsonObject
        {
            ["t"] = GateioJson.Milliseconds(market.Clock), ["s"] = $"ob.{instrument.Symbol}.400", ["U"] = update.FirstUpdateId,
            ["u"] = update.LastUpdateId,
        };
        if (update.Bids.Length > 0) limited["b"] = written.Levels(update.Bids, instrument, arePairs: true);
        if (update.Asks.Length > 0) limited["a"] = written.Levels(update.Asks, instrument, arePairs: true);
        Say(FrameKind.Book, $"{_prefix}obu", "update", limited, sink);
    }

    private void SayFull(Instrument instrument, IFrameSink sink)
    {
        var book = market.TrueBook(instrument);
        Say(FrameKind.Book, $"{_prefix}obu", "update", new JsonObject
        {
            ["t"] = GateioJson.Milliseconds(market.Clock), ["full"] = true, ["s"] = $"ob.{instrument.Symbol}.400", ["u"] = book.LastUpdateId,
            ["b"] = written.Levels(book.Bids, instrument, arePairs: true), ["a"] = written.Levels(book.Asks, instrument, arePairs: true),
        }, sink);
    }

    private JsonObject Balance(FakeBalance balance) => _isSpot
        ? new()
        {
            ["timestamp_ms"] = GateioJson.Text(GateioJson.Milliseconds(balance.At)), ["currency"] = balance.Asset,
            ["total"] = GateioJson.Text(balance.Total),
            ["available"] = GateioJson.Text(balance.Total - balance.Held), ["freeze"] = GateioJson.Text(balance.Held),
        }
        : new() { ["balance"] = balance.Total, ["change"] = 0, ["time_ms"] = GateioJson.Milliseconds(balance.At), ["currency"] = "usdt" };

    private bool Has(string channel, Instrument instrument) => _subscribed.Contains((channel, instrument.Symbol));

    private bool IsKnown(string symbol) => instruments.Any(i => i.Symbol == symbol);

    private void Fail(string channel, int code, string words, IFrameSink sink)
    {
        var now = GateioJson.Milliseconds(market.Clock);
        sink.Say(FrameKind.Reply, GateioJson.Bytes(new JsonObject
        {
            ["time"] = now / 1_000, ["time_ms"] = now, ["channel"] = channel, ["event"] = "subscribe",
            ["error"] = new JsonObject { ["code"] = code, ["message"] = words }, ["result"] = null,
        }));
    }

    private void Say(FrameKind kind, string channel, string happening, JsonNode? result, IFrameSink sink)
    {
        var now = GateioJson.Milliseconds(market.Clock);
        sink.Say(kind, GateioJson.Bytes(new JsonObject
        {
            ["time"] = now / 1_000, ["time_ms"] = now, ["channel"] = channel, ["event"] = happening, ["result"] = result,
        }));
    }
}
