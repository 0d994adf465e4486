using System.Text;
using Dmm.Core;

namespace Dmm.Wire;

/// <summary>Every frame of OKX in whatever order and spacing, with the reason where one is refused.</summary>
internal sealed class OkxGeneralPath(string venue, SymbolTable symbols)
{
    /// <summary>The venue closes the connection within a minute.</summary>
    public const string ClosingSoon = "64008";

    private static readonly string[] EnvelopeNames = ["event", "arg", "action", "data", "code", "msg"];
    private static readonly string[] ArgumentNames = ["channel", "instId"];

    private static readonly string[] BookChannels = ["books", "books-l2-tbt", "books50-l2-tbt"];

    /// <summary>Channels that may be subscribed for other purposes.</summary>
    private static readonly string[] UnusedChannels =
        ["tickers", "books5", "mark-price", "index-tickers", "fills", "balance_and_position", "positions", "instruments", "status"];

    private readonly OkxPrivateMessages _private = new(symbols);

    private enum Envelope { Event, Argument, Action, Data, Code, Message }

    private enum Argument { Channel, Symbol }

    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard)
    {
        heard = default;
        if (frame.SequenceEqual("pong"u8))
        {
            heard = new(VenueFrameKind.Pong);
            return ParseStatus.Ignored;
        }

        var envelope = new JsonFields(frame, EnvelopeNames, stackalloc JsonSlice[EnvelopeNames.Length]);
        if (envelope.Has((int)Envelope.Event)) return ParseEvent(ref envelope, frame, batch, out heard);
        if (!envelope.IsObject((int)Envelope.Argument)) envelope.Fail("arg is missing: expected the channel and instId of the data");
        if (envelope.Fault is { } fault) return batch.Reject(venue, fault, frame);
        var argument = new JsonFields(envelope.Raw((int)Envelope.Argument), ArgumentNames, stackalloc JsonSlice[ArgumentNames.Length]);
        var channel = argument.Text((int)Argument.Channel);
        if (argument.Fault is null && UnusedChannels.Contains(channel))
        {
            heard = new(VenueFrameKind.Notice);
            return ParseStatus.Ignored;
        }

        if (!envelope.IsArray((int)Envelope.Data)) envelope.Fail("data is missing: expected an array");
        heard = new(VenueFrameKind.Data, channel);
        if (channel is "orders" or "account")
        {
            if (envelope.Fault is { } malformed) return batch.Reject(venue, malformed, frame);
            var rows = envelope.Raw((int)Envelope.Data);
            return channel == "orders"
                ? OkxRows.Each(venue, rows, "order", batch, _private.AddStreamOrder)
                : OkxRows.Each(venue, rows, "account", batch, (row, into) => OkxPrivateMessages.AddBalances(venue, row, into));
        }

        return ParseMarketData(ref envelope, ref argument, channel, frame, receiveTime, batch);
    }

    private ParseStatus ParseMarketData(
        ref JsonFields envelope, ref JsonFields argument, string channel, ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch)
    {
        var isBook = BookChannels.Contains(channel);
        if (!isBook && channel is not ("trades" or "funding-rate" or "bbo-tbt"))
            argument.Fail($"channel '{channel}' is not known: expected books, trades, funding-rate, bbo-tbt, orders or account");
        var symbolName = argument.Text((int)Argument.Symbol);
        if ((argument.Fault ?? envelope.Fault) is { } malformed) return batch.Reject(venue, malformed, frame);
        if (symbols.Find(Encoding.UTF8.GetBytes(symbolName))?.Instrument is not { } instrument)
        {
            batch.UnknownSymbol = symbolName;
            return batch.Reject(venue, $"a frame of {symbolName}: expected {symbols}", frame);
        }

        var isSnapshot = false;
        if (isBook)
        {
            var action = envelope.Text((int)Envelope.Action);
            if (action is not ("snapshot" or "update"))
                return batch.Reject(venue, envelope.Fault ?? $"action is '{action}': expected snapshot or update", frame);
            isSnapshot = action == "snapshot";
        }

        var rows = envelope.Raw((int)Envelope.Data);
        return channel switch
        {
            "trades" => OkxRows.Each(
                venue, rows, $"{symbolName} trade", batch, (row, into) => OkxMarketMessages.AddTrade(row, instrument, receiveTime, into)),
            "funding-rate" => OkxRows.Each(
                venue, rows, $"{symbolName} funding", batch, (row, into) => OkxMarketMessages.AddFunding(row, instrument, into)),
            "bbo-tbt" => OkxRows.Each(
                venue, rows, $"{symbolName} top", batch, (row, into) => OkxMarketMessages.AddTop(row, instrument, receiveTime, into)),
            _ => OkxRows.Each(
                venue, rows, $"{symbolName} book", batch, (row, into) => OkxMarketMessages.AddBook(row, instrument, isSnapshot, receiveTime, into)),
        };
    }

    private ParseStatus ParseEvent(ref JsonFields envelope, ReadOnlySpan<byte> frame, MessageBatch batch, out VenueFrame heard)
    {
        var name = envelope.Text((int)Envelope.Event);
        var code = Encoding.UTF8.GetString(envelope.Raw((int)Envelope.Code).Trim((byte)'"'));
        heard = (name, code) switch
        {
            _ when envelope.Fault is not null => default,
            ("subscribe", _) => new(VenueFrameKind.Subscribed, SecretText.Masked(Encoding.UTF8.GetString(envelope.Raw((int)Envelope.Argument)))),
            ("login", "" or "0") => new(VenueFrameKind.LoggedIn),
            ("notice", not ClosingSoon) or ("unsubscribe" or "channel-conn-count", _) => new(VenueFrameKind.Notice),
            _ => new(VenueFrameKind.Error),
        };
        if (heard.Kind is not (VenueFrameKind.Error or VenueFrameKind.Unknown)) return ParseStatus.Ignored;
        if (envelope.Fault is { } fault) return batch.Reject(venue, fault, frame);
        var words = SecretText.Masked(Encoding.UTF8.GetString(envelope.Raw((int)Envelope.Message)));
        var reason = $"the venue sends event '{name}', code \"{code}\", {words}";
        heard = heard with { Detail = reason };
        return batch.Reject(venue, reason, frame);
    }
}
