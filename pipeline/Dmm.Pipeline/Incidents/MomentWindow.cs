using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Explanation;

namespace Dmm.Pipeline.Incidents;

/// <summary>
/// Keeps the inputs and decisions around one moment of a range: the one asked for, else the worst. The worst is the first change to Halted or Killed
/// from a freer state; where there is none, the fill that changed the inventory most; where there is none either, the end.
/// </summary>
/// <param name="instruments">Of the range.</param>
/// <param name="asked">The moment asked for; null for the worst.</param>
internal sealed class MomentWindow(InstrumentCatalog instruments, Timestamp? asked)
{
    /// <summary>Inputs and decisions kept on either side.</summary>
    public const int Reach = 20;

    private readonly Queue<Item> _latest = new();
    private readonly Item?[] _quotes = new Item?[instruments.Count];
    private readonly List<Item> _after = [];
    private ImmutableArray<Item> _before = [];
    private ImmutableArray<Item> _inForce = [];
    private Timestamp? _at;
    private string _why = "";
    private bool _isFinal;
    private double _largest;
    private double? _inventory;

    public void OnInput(in Stamp stamp, in Input input, QuotingParameters parameters) =>
        Add(new(stamp.At, stamp.Sequence, input, null, parameters));

    /// <param name="decision">Derived.</param>
    /// <param name="parameters">In force.</param>
    /// <param name="isInRange">False during warm-up.</param>
    public void OnDecision(in Decision decision, QuotingParameters parameters, bool isInRange)
    {
        if (isInRange && !_isFinal && asked is null) Judge(decision);
        if (decision.Body is InventorySnapshot inventory) _inventory = (double)inventory.Total;
        var item = new Item(decision.Cause.At, decision.Number, default, decision.Body, parameters);
        Add(item);
        if (decision.Body is QuoteTarget quote) _quotes[quote.Instrument.Index] = item;
    }

    /// <param name="end">Of the range.</param>
    public Moment Result(Timestamp end)
    {
        if (_at is null) Choose(end, asked is null ? "the end of the range: no halt and no fill lies in it" : "the moment asked for");
        return new(_at!.Value, _why, Rows(_before), Rows(_after), Rows(_inForce));
    }

    private void Judge(in Decision decision)
    {
        switch (decision.Body)
        {
            case TradingStateChange { To: >= TradingState.Halted, From: < TradingState.Halted } change:
                Choose(decision.Cause.At, $"the first change to {change.To} in the range");
                _isFinal = true;
                break;
            case InventorySnapshot inventory when _inventory is { } before && Math.Abs((double)inventory.Total - before) > _largest:
                _largest = Math.Abs((double)inventory.Total - before);
                Choose(decision.Cause.At, "the largest change of the inventory in the range, as nothing halted");
                break;
        }
    }

    private void Add(in Item item)
    {
        if (asked is { } at && !_isFinal && item.At >= at)
        {
            Choose(at, "the moment asked for");
            _isFinal = true;
        }

        if (_at is not null && _after.Count < Reach) _after.Add(item);
        _latest.Enqueue(item);
        if (_latest.Count > Reach) _latest.Dequeue();
    }

    private void Choose(Timestamp at, string why)
    {
        (_at, _why) = (at, why);
        _before = [.. _latest];
        _inForce = [.. _quotes.OfType<Item>()];
        _after.Clear();
    }

    private ImmutableArray<MomentRow> Rows(IEnumerable<Item> items) => [.. items.Select(item => new MomentRow(
        item.At, item.Number, item.Body is null, item.Body is { } body ? DecisionText.Of(body, instruments) : InputText.Of(item.Input, instruments),
        item.Body as QuoteTarget, item.Parameters))];

    /// <summary>An input, or a decision by its body. Of a book's levels only their count is still valid.</summary>
    private sealed record Item(Timestamp At, long Number, Input Input, object? Body, QuotingParameters Parameters);
}
