using System.Collections.Immutable;
using System.Text.Json;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;

namespace Dmm.Wire.Journal;

/// <summary>
/// Reads the records of one run back. Each method takes a line without its line break, and the head that <see cref="JournalLine.Head"/> gave for it,
/// which is also its proof that the line is intact; it throws <see cref="JournalException"/> naming what it does not understand. Single-threaded.
/// </summary>
public sealed class JournalDecoder(InstrumentCatalog instruments)
{
    private readonly InstrumentNames _instruments = new(instruments);
    private readonly JsonSerializerOptions _messages = JournalJson.Messages(instruments);
    private BookLevel[] _levels = new BookLevel[64];

    /// <summary>
    /// The decoder of the run that follows: this one where the instruments have kept their names and order, as it is costly to make.
    /// </summary>
    public JournalDecoder ForNextRun(InstrumentCatalog instruments) => _instruments.AreOf(instruments) ? this : new(instruments);

    public static RunHeader Run(ReadOnlySpan<byte> line)
    {
        try
        {
            var members = new JournalLineParser(line);
            var head = members.Head();
            if (head.Kind != JournalKind.Run) throw new FormatException($"expected a run's header, found kind '{head.Kind}'");
            var header = new RunHeader
            {
                Run = head.Run,
                StartedAt = head.At,
                NextSequence = head.Sequence + 1,
                NextDecision = head.Number,
                CodeVersion = members.Text("code"u8),
                Platform = members.Text("platform"u8),
                ConfigurationHash = members.Text("config"u8),
                Mode = members.Enum<TradingMode>("mode"u8),
                JournalBegan = members.TimeIfNext("began"u8),
                Instruments = new(members.Object<ImmutableArray<Instrument>>("instruments"u8, JournalJson.Header)),
                Parameters = members.Object<QuotingParameters>("params"u8, JournalJson.Header),
                State = members.Raw("state"u8).ToArray(),
            };
            members.End();
            return header;
        }
        catch (Exception e) when (JournalLine.IsGrammar(e))
        {
            throw JournalLine.Damaged(e);
        }
    }

    /// <summary>An input or a clock record. The levels of a book update are valid until the next call.</summary>
    public JournalRecord Record(ReadOnlySpan<byte> line, in JournalLineHead head)
    {
        try
        {
            var members = new JournalLineParser(line);
            members.Head();
            var stamp = new Stamp(head.Sequence, head.At);
            var origin = members.Flag("fb"u8) ? InputOrigin.Feedback : InputOrigin.Outside;
            var record = head.Kind switch
            {
                JournalKind.Book => new(stamp, new(MarketDataBodies.ReadBook(ref members, Instrument(ref members), ref _levels)), origin),
                JournalKind.Top => new(stamp, new(MarketDataBodies.ReadTop(ref members, Instrument(ref members))), origin),
                JournalKind.Trade => new(stamp, new(MarketDataBodies.ReadTrade(ref members, Instrument(ref members))), origin),
                JournalKind.Control => new(stamp, new(members.Object<ControlMessage>("msg"u8, _messages)), origin),
                JournalKind.Clock => new JournalRecord(stamp),
                _ => throw new FormatException($"'{head.Kind}' is neither an input nor a clock record"),
            };
            members.End();
            return record;
        }
        catch (Exception e) when (JournalLine.IsGrammar(e))
        {
            throw JournalLine.Damaged(e);
        }
    }

    public Decision Decision(ReadOnlySpan<byte> line, in JournalLineHead head)
    {
        try
        {
            var members = new JournalLineParser(line);
            members.Head();
            var timer = members.TextOrNull("timer"u8);
            var body = head.Kind >= JournalKind.Inventory
                ? Result(ref members, head.Kind)
                : DecisionBodies.Read(ref members, head.Kind, _instruments);
            members.End();
            return new(head.Number, new(head.Sequence, timer, head.At), body);
        }
        catch (Exception e) when (JournalLine.IsGrammar(e))
        {
            throw JournalLine.Damaged(e);
        }
    }

    private InstrumentId Instrument(ref JournalLineParser members) => _instruments.Read(ref members, "ins"u8);

    private object Result(ref JournalLineParser members, JournalKind kind) => kind switch
    {
        JournalKind.Inventory => members.Object<InventorySnapshot>("result"u8, _messages),
        JournalKind.Pnl => members.Object<PnlSnapshot>("result"u8, _messages),
        JournalKind.Markout => members.Object<Markout>("result"u8, _messages),
        JournalKind.Toxicity => members.Object<Toxicity>("result"u8, _messages),
        JournalKind.Route => members.Object<RouteIntent>("result"u8, _messages),
        JournalKind.RouteLeg => members.Object<RouteLegSent>("result"u8, _messages),
        _ => members.Object<RouteOutcome>("result"u8, _messages),
    };
}
