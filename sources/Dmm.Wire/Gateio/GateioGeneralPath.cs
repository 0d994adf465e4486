using System.Text;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;

namespace Dmm.Wire;

/// <summary>Every frame of Gate in whatever order and spacing, with the reason where one is refused.</summary>
internal sealed class GateioGeneralPath(GateioProduct product, string venue, SymbolTable symbols)
{
    private static readonly string[] EnvelopeNames = ["channel", "event", "error", "result", "time_ms"];
    private static readonly string[] StatusNames = ["status", "code", "message"];

    private readonly string _prefix = GateioChannels.Prefix(product);
    private readonly GateioMarketData _market = new(product, symbols);
    private readonly GateioPrivateMessages _private = new(product, venue, symbols);

    private enum Envelope { Channel, Event, Error, Result, Time }

    private enum Status { Status, Code, Message }

    /// <summary>Takes one element; gives null, or why it is refused.</summary>
    internal delegate string? Element(ReadOnlySpan<byte> json);

    public GateioPrivateMessages Private => _private;

    public ParseStatus Parse(ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard)
    {
        heard = default;
        var envelope = new JsonFields(frame, EnvelopeNames, stackalloc JsonSlice[EnvelopeNames.Length]);
        var name = envelope.Text((int)Envelope.Channel);
        if (envelope.Fault is null && !name.StartsWith(_prefix, StringComparison.Ordinal))
            envelope.Fail($"channel is '{name}': expected one that begins with {_prefix}");
        if (envelope.Fault is { } fault) return batch.Reject(venue, fault, frame);
        var channel = name[_prefix.Length..];
        if (envelope.Has((int)Envelope.Error)) return ParseError(envelope.Raw((int)Envelope.Error), name, frame, batch, out heard);
        if (channel == "pong")
        {
            heard = new(VenueFrameKind.Pong);
            return ParseStatus.Ignored;
        }

        var happening = envelope.Text((int)Envelope.Event);
        if (envelope.Fault is { } unnamed) return batch.Reject(venue, $"{name}: {unnamed}", frame);
        switch (happening)
        {
            case "subscribe":
                return ParseAnswer(envelope.Raw((int)Envelope.Result), name, frame, batch, out heard);
            case "unsubscribe":
                heard = new(VenueFrameKind.Notice, name);
                return ParseStatus.Ignored;
            case "update" or "all":
                return ParseResult(ref envelope, channel, frame, receiveTime, batch, out heard);
            default:
                return batch.Reject(venue, $"{name}: event is '{happening}': expected subscribe, unsubscribe, update or all", frame);
        }
    }

    /// <summary>Takes the elements of a reply one by one; gives how many there were, of whatever owner.</summary>
    public ParseStatus ParseArray(ReadOnlySpan<byte> body, string what, MessageBatch batch, Element add, out int count)
    {
        count = 0;
        var status = ParseStatus.Parsed;
        try
        {
            var reader = new Utf8JsonReader(body);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray) return batch.Reject(venue, $"{what}: expected an array", body);
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                var element = body[start..(int)reader.BytesConsumed];
                count++;
                if (batch.Count >= MessageBatch.CountMax)
                    return batch.Reject(venue, $"{what}: the reply has more than {MessageBatch.CountMax} messages; the rest is dropped", body);
                if (add(element) is { } fault) status = batch.Reject(venue, $"{what}: {fault}", element);
            }

            reader.Read();
        }
        catch (JsonException malformed)
        {
            return batch.Reject(venue, $"{what}: not JSON: {malformed.Message}", body);
        }

        return status;
    }

    private ParseStatus ParseError(ReadOnlySpan<byte> error, string channel, ReadOnlySpan<byte> frame, MessageBatch batch, out VenueFrame heard)
    {
        var fields = new JsonFields(error, StatusNames, stackalloc JsonSlice[StatusNames.Length]);
        var code = Encoding.UTF8.GetString(fields.Raw((int)Status.Code));
        var words = fields.Has((int)Status.Message) ? fields.Text((int)Status.Message) : "";
        var reason = fields.Fault is null
            ? $"{channel}: the venue answers with error {code}: {words}"
            : $"{channel}: the venue answers with an error";
        heard = new(VenueFrameKind.Error, reason);
        return batch.Reject(venue, reason, frame);
    }

    private ParseStatus ParseAnswer(ReadOnlySpan<byte> result, string channel, ReadOnlySpan<byte> frame, MessageBatch batch, out VenueFrame heard)
    {
        var fields = new JsonFields(result, StatusNames, stackalloc JsonSlice[StatusNames.Length]);
        var status = fields.Text((int)Status.Status);
        if (fields.Fault is null && status == "success")
        {
            heard = new(VenueFrameKind.Subscribed, channel);
            return ParseStatus.Ignored;
        }

        var reason = $"{channel}: the subscription ends with status '{status}': expected success";
        heard = new(VenueFrameKind.Error, reason);
        return batch.Reject(venue, reason, frame);
    }

    private ParseStatus ParseResult(
        ref JsonFields envelope, string channel, ReadOnlySpan<byte> frame, Timestamp receiveTime, MessageBatch batch, out VenueFrame heard)
    {
        heard = new(VenueFrameKind.Data, channel);
        if (GateioChannels.Unused.Contains(channel) || (channel == GateioChannels.Tickers && product == GateioProduct.Spot))
            return ParseStatus.Ignored;
        if (!envelope.Has((int)Envelope.Result)) return batch.Reject(venue, $"{_prefix}{channel}: result is missing", frame);
        var time = channel == GateioChannels.Tickers ? envelope.Milliseconds((int)Envelope.Time) : Timestamp.None;
        if (envelope.Fault is { } fault) return batch.Reject(venue, $"{_prefix}{channel}: {fault}", frame);
        var result = envelope.Raw((int)Envelope.Result);
        switch (channel)
        {
            case GateioChannels.Book or GateioChannels.LimitedBook:
                return Settled(_market.AddBook(result, channel == GateioChannels.LimitedBook, receiveTime, batch), channel, frame, batch);
            case GateioChannels.Tops:
                var top = Settled(_market.AddTop(result, receiveTime, batch), channel, frame, batch);
                return batch.Count == 0 ? ParseStatus.Ignored : top;
            case GateioChannels.Trades:
                return Each(result, channel, batch, json => _market.AddTrade(json, product == GateioProduct.Spot ? "" : null, receiveTime, batch));
            case GateioChannels.Tickers:
                return Each(result, channel, batch, json => _market.AddFunding(json, time, batch));
            case GateioChannels.Orders:
                return Each(result, channel, batch, json => _private.AddOrder(json, batch));
            case GateioChannels.Fills:
                return Each(result, channel, batch, json => _private.AddFill(json, asked: null, batch));
            case GateioChannels.Balances:
                return Each(result, channel, batch, json => _private.AddBalance(json, receiveTime, batch));
            default:
                heard = default;
                return batch.Reject(venue, $"channel '{_prefix}{channel}' is not known", frame);
        }
    }

    private ParseStatus Settled(string? fault, string channel, ReadOnlySpan<byte> frame, MessageBatch batch) =>
        fault is null ? ParseStatus.Parsed : batch.Reject(venue, $"{_prefix}{channel}: {fault}", frame);

    /// <summary>Takes the elements of an array one by one, or the one object: a refused one does not cost its neighbours.</summary>
    private ParseStatus Each(ReadOnlySpan<byte> result, string channel, MessageBatch batch, Element add)
    {
        var reader = new Utf8JsonReader(result);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
            return add(result) is { } only ? batch.Reject(venue, $"{_prefix}{channel}: {only}", result) : ParseStatus.Parsed;
        var status = ParseStatus.Parsed;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var element = result[start..(int)reader.BytesConsumed];
            if (batch.Count == MessageBatch.CountMax)
            {
                var tooMany = $"{_prefix}{channel}: the frame has more than {MessageBatch.CountMax} messages; the rest is dropped";
                return batch.Reject(venue, tooMany, result);
            }

            if (add(element) is { } fault) status = batch.Reject(venue, $"{_prefix}{channel}: {fault}", element);
        }

        return status;
    }
}
