using System.Globalization;
using System.Text;
using System.Text.Json;
using Dmm.Core;

namespace Dmm.Testing.Venues;

/// <summary>One web socket of Bybit's, public or private, from the venue's side.</summary>
/// <param name="json">Writes the frames.</param>
/// <param name="market">Gives the books with which a subscription begins.</param>
/// <param name="isPrivate">Topics need a login.</param>
/// <param name="refuse">Null, or why the arguments of a login are refused.</param>
internal sealed class BybitSocketDialect(BybitJson json, FakeMarket market, bool isPrivate, Func<JsonElement, string?> refuse) : ISocketDialect
{
    private const int SpotTopicsMax = 10;

    private static readonly int[] Depths = [1, 50, 200, 1_000];

    private readonly HashSet<string> _topics = new(StringComparer.Ordinal);
    private bool _isLoggedIn;

    public void Hear(ReadOnlySpan<byte> frame, IFrameSink sink)
    {
        try
        {
            using var document = JsonDocument.Parse(frame.ToArray());
            var operation = document.RootElement.GetProperty("op").GetString()!;
            if (operation == "ping") Say(sink, isPrivate ? """{"req_id":"","op":"pong","args":["1675418560633"],"conn_id":"c1"}""" : Reply(true, "pong", "ping"));
            else if (operation == "auth") Login(document.RootElement.GetProperty("args"), sink);
            else if (operation == "subscribe") Subscribe([.. document.RootElement.GetProperty("args").EnumerateArray().Select(t => t.GetString()!)], sink);
            else if (operation == "unsubscribe") Unsubscribe([.. document.RootElement.GetProperty("args").EnumerateArray().Select(t => t.GetString()!)], sink);
            else Say(sink, Reply(false, "Invalid operation", operation));
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            Say(sink, Reply(false, "Invalid request", ""));
        }
    }

    public void Tell(MarketEvent happened, IFrameSink sink)
    {
        switch (happened)
        {
            case MarketEvent.BookChanged book:
                foreach (var depth in Depths)
                {
                    if (_topics.Contains(Topic(depth, book.Instrument))) Say(sink, json.BookFrame(book.Instrument, book.Update, depth), FrameKind.Book);
                }

                break;
            case MarketEvent.Traded traded when _topics.Contains($"publicTrade.{traded.Instrument.Symbol}"):
                Say(sink, json.TradeFrame(traded.Instrument, traded.Trade), FrameKind.Trade);
                break;
            case MarketEvent.OrderChanged changed when _topics.Contains("order"):
                Say(sink, BybitJson.Private("order", json.Order(changed.Order), market.Clock), FrameKind.Order);
                break;
            case MarketEvent.Filled filled when _topics.Contains("execution"):
                Say(sink, BybitJson.Private("execution", json.Execution(filled.Fill), market.Clock), FrameKind.Fill);
                break;
            case MarketEvent.BalanceChanged balance when _topics.Contains("wallet"):
                Say(sink, BybitJson.Private("wallet", BybitJson.Wallet([balance.Balance]), market.Clock), FrameKind.Balance);
                break;
        }
    }

    private void Login(JsonElement args, IFrameSink sink)
    {
        var words = refuse(args);
        _isLoggedIn = words is null;
        Say(sink, Reply(_isLoggedIn, words ?? "", "auth"));
        if (!_isLoggedIn) sink.Close();
    }

    private void Subscribe(string[] topics, IFrameSink sink)
    {
        var unknown = Array.Find(topics, t => !IsKnown(t));
        var words = isPrivate && !_isLoggedIn ? "Request not authorized"
            : json.Category == "spot" && !isPrivate && topics.Length > SpotTopicsMax ? "args size >10"
            : unknown is not null ? $"error:handler not found,topic:{unknown}"
            : Array.Find(topics, _topics.Contains) is { } twice ? $"error:already subscribed,topic:{twice}" : "";
        Say(sink, Reply(words.Length == 0, words, "subscribe"));
        if (words.Length > 0) return;
        _topics.UnionWith(topics);
        foreach (var instrument in market.Instruments)
        {
            foreach (var depth in Depths)
            {
                if (topics.Contains(Topic(depth, instrument)))
                    Say(sink, json.BookFrame(instrument, market.Book(instrument) with { IsSnapshot = true }, depth), FrameKind.Book);
            }
        }
    }

    private void Unsubscribe(string[] topics, IFrameSink sink)
    {
        _topics.ExceptWith(topics);
        Say(sink, Reply(true, "", "unsubscribe"));
    }

    private bool IsKnown(string topic) => isPrivate
        ? topic is "order" or "execution" or "wallet" or "position" or "dcp.future" or "dcp.spot"
        : market.Instruments.Any(i => topic == $"publicTrade.{i.Symbol}" || topic == $"tickers.{i.Symbol}" || Depths.Any(d => topic == Topic(d, i)));

    private static string Topic(int depth, Instrument instrument) => string.Create(CultureInfo.InvariantCulture, $"orderbook.{depth}.{instrument.Symbol}");

    private static string Reply(bool isDone, string words, string operation) =>
        $$"""{"success":{{(isDone ? "true" : "false")}},"ret_msg":{{BybitJson.Quoted(words)}},"conn_id":"c1","req_id":"","op":"{{operation}}"}""";

    private static void Say(IFrameSink sink, string text, FrameKind kind = FrameKind.Reply) => sink.Say(kind, Encoding.UTF8.GetBytes(text));
}
