using System.Text;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Testing.Venues;

/// <summary>OKX's web sockets, from the venue's side: the one of market data, and the one of the account.</summary>
internal sealed class OkxSocketDialect(OkxDialect venue, IReadOnlyList<Instrument> instruments, FakeMarket market, bool isPrivate) : ISocketDialect
{
    private readonly HashSet<(string Channel, string Of)> _subscribed = [];
    private bool _isLoggedIn;

    public void Hear(ReadOnlySpan<byte> frame, IFrameSink sink)
    {
        if (frame.SequenceEqual("ping"u8))
        {
            sink.Say(FrameKind.Reply, "pong"u8);
            return;
        }

        try
        {
            using var command = JsonDocument.Parse(frame.ToArray());
            var arguments = command.RootElement.GetProperty("args").EnumerateArray();
            if (command.RootElement.GetProperty("op").GetString() == "login") LogIn(arguments.First(), sink);
            else
                foreach (var argument in arguments) Subscribe(argument, sink);
        }
        catch (Exception unread) when (unread is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            Fail("60012", unread.Message, sink);
        }
    }

    public void Tell(MarketEvent happened, IFrameSink sink)
    {
        switch (happened)
        {
            case MarketEvent.BookChanged { Instrument: var instrument } book when _subscribed.Contains(("books", instrument.Symbol)):
                Say(FrameKind.Book, sink, $$"""
                    {"arg":{"channel":"books","instId":"{{instrument.Symbol}}"},"action":"update","data":[{{OkxText.Book(instrument, book.Update, namesPredecessor: true)}}]}
                    """);
                break;
            case MarketEvent.Traded { Instrument: var instrument } traded when _subscribed.Contains(("trades", instrument.Symbol)):
                Say(FrameKind.Trade, sink, $$"""{"arg":{"channel":"trades","instId":"{{instrument.Symbol}}"},"data":[{{OkxText.Trade(instrument, traded.Trade)}}]}""");
                break;
            case MarketEvent.Filled { Fill: var fill }:
                Order(FrameKind.Order | FrameKind.Fill, fill.Order, fill, "", sink);
                break;
            // Told with its fill.
            case MarketEvent.OrderChanged { Cause: not OrderCause.Filled } changed:
                Order(FrameKind.Order, changed.Order, fill: null, Source(changed), sink);
                break;
            case MarketEvent.BalanceChanged { Balance: var balance } when _subscribed.Contains(("account", "")):
                Say(FrameKind.Balance, sink, $$"""{"arg":{"channel":"account","uid":"1"},"data":[{{OkxText.Account([balance], balance.At)}}]}""");
                break;
        }
    }

    private static string Source(MarketEvent.OrderChanged changed) => changed switch
    {
        { Order.IsOpen: true } => "",
        { Cause: OrderCause.Cancelled } => "1",
        { Order.IsPostOnly: true, Order.CreatedAt: var created, Order.UpdatedAt: var updated } when created == updated => "31",
        { Order.TimeInForce: TimeInForce.ImmediateOrCancel } => "14",
        _ => "0",
    };

    private void Order(FrameKind kind, FakeOrder order, FakeFill? fill, string source, IFrameSink sink)
    {
        var type = OkxText.Type(order.Instrument);
        if (!_subscribed.Contains(("orders", type))) return;
        Say(kind, sink, $$"""{"arg":{"channel":"orders","instType":"{{type}}","uid":"1"},"data":[{{OkxText.StreamOrder(order, fill, source)}}]}""");
    }

    private void LogIn(JsonElement proof, IFrameSink sink)
    {
        var refusal = venue.LoginRefusal(
            Text(proof, "apiKey"), Text(proof, "passphrase"), Text(proof, "timestamp"), Text(proof, "sign"), market.Clock);
        if (refusal is not null)
        {
            Fail("60009", "Login failed.", sink);
            return;
        }

        _isLoggedIn = true;
        Say(FrameKind.Reply, sink, """{"event":"login","code":"0","msg":"","connId":"a4d3ae55"}""");
    }

    private void Subscribe(JsonElement argument, IFrameSink sink)
    {
        var channel = Text(argument, "channel");
        var of = argument.TryGetProperty("instId", out var symbol) ? symbol.GetString()! : argument.TryGetProperty("instType", out var type) ? type.GetString()! : "";
        var isKnown = isPrivate
            ? channel is "orders" or "account"
            : channel is "books" or "trades" or "funding-rate" or "bbo-tbt" && instruments.Any(i => i.Symbol == of);
        if (!isKnown || (isPrivate && !_isLoggedIn))
        {
            Fail(isKnown ? "60011" : "60018", isKnown ? "Please log in" : $"Wrong URL or channel:{channel},instId:{of} doesn't exist.", sink);
            return;
        }

        _subscribed.Add((channel, of));
        Say(FrameKind.Reply, sink, $$"""{"event":"subscribe","arg":{{argument.GetRawText()}},"connId":"a4d3ae55"}""");
        if (channel != "books" || !venue.BringsSnapshots) return;
        var instrument = instruments.First(i => i.Symbol == of);
        Say(FrameKind.Book, sink, $$"""
            {"arg":{"channel":"books","instId":"{{of}}"},"action":"snapshot","data":[{{OkxText.Book(instrument, market.Book(instrument), namesPredecessor: true)}}]}
            """);
    }

    private static void Fail(string code, string words, IFrameSink sink)
    {
        Say(FrameKind.Reply, sink, $$"""{"event":"error","code":"{{code}}","msg":{{JsonSerializer.Serialize(words)}},"connId":"a4d3ae55"}""");
        sink.Close();
    }

    private static void Say(FrameKind kind, IFrameSink sink, string text) => sink.Say(kind, Encoding.UTF8.GetBytes(text));

    private static string Text(JsonElement element, string field) => element.GetProperty(field).GetString() ?? "";
}
