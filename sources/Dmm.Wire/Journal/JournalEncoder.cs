using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Wire.Journal;

/// <summary>
/// Writes records as lines of JSON (README.md, member by member). Equal records give equal bytes, whatever the culture; what a replay compares and
/// hashes of a decision are these bytes. Writing market data and most decisions allocates nothing. Single-threaded.
/// </summary>
public sealed class JournalEncoder : IDisposable
{
    private readonly byte[][] _names;
    private readonly JsonSerializerOptions _messages;
    private readonly Utf8JsonWriter _json = new(new JournalBuffer(0), new JsonWriterOptions { Encoder = JournalJson.Encoder });

    public JournalEncoder(InstrumentCatalog instruments)
    {
        _names = InstrumentNames.Quoted(instruments);
        _messages = JournalJson.Messages(instruments);
    }

    /// <exception cref="ArgumentException">The state is not one JSON object without line breaks.</exception>
    public void Run(JournalBuffer line, RunHeader header)
    {
        var state = header.State.Span;
        if (!state.StartsWith("{"u8) || state.Contains((byte)'\n') || state.Contains((byte)'\r'))
            throw new ArgumentException("the state of a run is one JSON object without line breaks", nameof(header));
        line.Open("run"u8);
        line.Member("seq"u8, header.NextSequence - 1);
        line.Member("at"u8, header.StartedAt);
        line.Member("run"u8, header.Run);
        line.Member("dec"u8, header.NextDecision);
        line.Member("code"u8, header.CodeVersion);
        line.Member("platform"u8, header.Platform);
        line.Member("config"u8, header.ConfigurationHash);
        line.Member("mode"u8, header.Mode);
        if (header.JournalBegan.IsKnown) line.Member("began"u8, header.JournalBegan);
        line.Member("instruments"u8);
        Serialize(line, header.Instruments.All, JournalJson.Header);
        line.Member("params"u8);
        Serialize(line, header.Parameters, JournalJson.Header);
        line.Member("state"u8);
        CheckJson(state);
        line.Put(state);
        line.Close();
    }

    public void Input(JournalBuffer line, in Stamp stamp, in Input input, InputOrigin origin)
    {
        switch (input.Kind)
        {
            case InputKind.Book:
                Begin(line, "book"u8, stamp, origin);
                MarketDataBodies.Write(line, _names[input.Instrument.Index], input.Book);
                break;
            case InputKind.Top:
                Begin(line, "top"u8, stamp, origin);
                MarketDataBodies.Write(line, _names[input.Instrument.Index], input.Top);
                break;
            case InputKind.Trade:
                Begin(line, "trade"u8, stamp, origin);
                MarketDataBodies.Write(line, _names[input.Instrument.Index], input.Trade);
                break;
            default:
                Begin(line, "control"u8, stamp, origin);
                line.Member("msg"u8);
                Serialize(line, input.Control, _messages);
                break;
        }

        line.Close();
    }

    /// <param name="line">Takes the line.</param>
    /// <param name="reached">The last sequence taken, and the time reached.</param>
    public void Clock(JournalBuffer line, in Stamp reached)
    {
        Begin(line, "clock"u8, reached, InputOrigin.Outside);
        line.Close();
    }

    /// <exception cref="ArgumentException">The body is none of the types that <see cref="Core.Messages.Decision.Body"/> names.</exception>
    public void Decision(JournalBuffer line, in Decision decision)
    {
        var kind = DecisionBodies.KindOf(decision.Body);
        line.Open(EnumText<JournalKind>.Of(kind));
        line.Member("n"u8, decision.Number);
        line.Member("seq"u8, decision.Cause.Sequence);
        line.Member("at"u8, decision.Cause.At);
        line.Member("timer"u8, decision.Cause.Timer);
        if (kind >= JournalKind.Inventory) Result(line, decision.Body);
        else DecisionBodies.Write(line, kind, decision.Body, _names);
        line.Close();
    }

    public void Dispose() => _json.Dispose();

    private static void Begin(JournalBuffer line, ReadOnlySpan<byte> kind, in Stamp stamp, InputOrigin origin)
    {
        line.Open(kind);
        line.Member("seq"u8, stamp.Sequence);
        line.Member("at"u8, stamp.At);
        if (origin == InputOrigin.Feedback) line.Put(",\"fb\":true"u8);
    }

    private void Result(JournalBuffer line, object body)
    {
        line.Member("result"u8);
        _json.Reset(line);
        JsonSerializer.Serialize(_json, body, body.GetType(), _messages);
        _json.Flush();
    }

    private void Serialize<T>(JournalBuffer line, T value, JsonSerializerOptions options)
    {
        _json.Reset(line);
        JsonSerializer.Serialize(_json, value, options);
        _json.Flush();
    }

    private static void CheckJson(ReadOnlySpan<byte> state)
    {
        var json = new Utf8JsonReader(state);
        try
        {
            while (json.Read())
            {
            }
        }
        catch (JsonException e)
        {
            throw new ArgumentException($"the state of a run is not JSON: {e.Message}", nameof(state), e);
        }
    }
}
