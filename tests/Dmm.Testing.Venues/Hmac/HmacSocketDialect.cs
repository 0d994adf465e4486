using System.Buffers;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Wire;

namespace Dmm.Testing.Venues;

/// <summary>The generic HMAC venue's web socket, from the venue's side.</summary>
internal sealed class HmacSocketDialect(HmacDialect venue, string name, IReadOnlyList<Instrument> instruments, FakeMarket market) : ISocketDialect
{
    private readonly HmacVenueCommands _commands = new(name, instruments);
    private readonly HashSet<string> _channels = new(StringComparer.Ordinal);
    private bool _isLoggedIn;

    private delegate void Writing(HmacVenueWriter writer, IBufferWriter<byte> into);

    public void Hear(ReadOnlySpan<byte> frame, IFrameSink sink)
    {
        if (_commands.ReadCommand(frame, out var words) is not { } command)
        {
            Fail(new(RefusalCode.BadRequest, words), sink);
            return;
        }

        switch (command.Kind)
        {
            case HmacCommandKind.Ping:
                Say(FrameKind.Reply, sink, (w, into) => w.Pong(command.Number, market.Clock, into));
                break;
            case HmacCommandKind.Login:
                var refusal = venue.Refusal(
                    command.ApiKey, command.Timestamp, command.Signature, "GET", HmacSignature.LoginPath, "", [], market.Clock);
                if (refusal is not null)
                {
                    Fail(refusal, sink);
                    return;
                }

                _isLoggedIn = true;
                Say(FrameKind.Reply, sink, (w, into) => w.LoggedIn(into));
                break;
            default:
                if (!_isLoggedIn && command.Channels.Any(c => c is "orders" or "fills"))
                {
                    Fail(new(RefusalCode.UnknownKey, "orders and fills need a login"), sink);
                    return;
                }

                _channels.UnionWith(command.Channels);
                Say(FrameKind.Reply, sink, (w, into) => w.Subscribed(into));
                break;
        }
    }

    public void Tell(MarketEvent happened, IFrameSink sink)
    {
        switch (happened)
        {
            case MarketEvent.BookChanged book when _channels.Contains("book"):
                Say(FrameKind.Book, sink, (w, into) => w.Book(book.Update, into));
                break;
            case MarketEvent.Traded traded when _channels.Contains("trades"):
                Say(FrameKind.Trade, sink, (w, into) => w.Trades([traded.Trade], into));
                break;
            case MarketEvent.OrderChanged changed when _channels.Contains("orders"):
                Say(FrameKind.Order, sink, (w, into) => w.Order(changed.Order.ToUpdate(), changed.Order.Sequence, into));
                break;
            case MarketEvent.Filled filled when _channels.Contains("fills"):
                Say(FrameKind.Fill, sink, (w, into) => w.Fill(HmacDialect.Fill(filled.Fill), filled.Fill.Sequence, into));
                break;
        }
    }

    private void Fail(MarketRefusal refusal, IFrameSink sink)
    {
        Say(FrameKind.Reply, sink, (w, into) => w.Error(HmacDialect.Code(refusal.Code), refusal.Words, into));
        sink.Close();
    }

    private void Say(FrameKind kind, IFrameSink sink, Writing write)
    {
        using var writer = new HmacVenueWriter(name, instruments);
        var frame = new ArrayBufferWriter<byte>();
        write(writer, frame);
        sink.Say(kind, frame.WrittenSpan);
    }
}
