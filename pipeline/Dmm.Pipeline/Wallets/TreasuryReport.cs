using System.Globalization;
using System.Text.Json;
using Dmm.Pipeline.Commands;
using Dmm.Wire.Ton;

namespace Dmm.Pipeline.Wallets;

/// <summary>What became of an operation of the treasury.</summary>
/// <param name="Order">As it was asked for.</param>
/// <param name="Id">Of the operation.</param>
/// <param name="Owner">The wallet.</param>
/// <param name="Decimals">Of the jetton.</param>
/// <param name="Symbol">Of the jetton; null where the chain does not tell it.</param>
/// <param name="Asked">Smallest units.</param>
internal sealed record TreasuryReport(TreasuryOrder Order, string Id, Address Owner, int Decimals, string? Symbol, UInt128 Asked)
{
    /// <summary>How the intent ended.</summary>
    public SendOutcome Outcome { get; init; } = new(SendEnd.Refused, null, "");

    /// <summary>What the trace shows; null where the chain took nothing.</summary>
    public JettonSettlement? Settlement { get; init; }

    /// <summary>Before anything was signed; null where it was not asked for before.</summary>
    public UInt128? SupplyBefore { get; init; }

    public UInt128? SupplyAfter { get; init; }

    /// <summary>Why it is not known afterwards; empty where it is.</summary>
    public string SupplyFault { get; init; } = "";

    public bool IsSettled => Settlement is { Kind: SettlementKind.Settled };

    /// <summary>A burn that is settled and that the supply does not show at all.</summary>
    public bool AwaitsSupply => IsSettled && Order.Kind == TreasuryKind.Burn && SupplyBefore is { } before && SupplyAfter == before;

    public void Write(TextWriter output)
    {
        output.WriteLine($"{Order.Name} {Id}: {(IsSettled ? "settled" : $"NOT settled: {Reason}")}");
        output.WriteLine($"asked     {Tokens(Asked)}{(Order.Receiver is { } receiver ? $" to {receiver}" : "")}");
        if (Order.Note is { } note) output.WriteLine($"note      {note}");
        if (Settlement is not { } settled) return;
        output.WriteLine($"settled   {Tokens(settled.Settled)}{Tax(settled)}");
        output.WriteLine($"TON       {settled.Sent} sent along, {settled.Delivered} passed on, {settled.Returned} came back: "
            + $"the way cost {settled.Cost}, the wallet's own fees {Outcome.Trace!.Fees}");
        output.WriteLine($"supply    {Supply}");
    }

    public string ToJson() => JsonLine.Of(json =>
    {
        json.WriteString("id", Id);
        json.WriteString("kind", Order.Name);
        json.WriteBoolean("isSettled", IsSettled);
        json.WriteString("reason", IsSettled ? "" : Reason);
        json.WriteString("owner", Owner.ToString());
        json.WriteString("jetton", Order.Minter.ToString());
        json.WriteString("receiver", Order.Receiver?.ToString());
        json.WriteString("note", Order.Note);
        json.WriteNumber("decimals", Decimals);
        json.WriteString("asked", Units(Asked));
        if (Settlement is not { } settled) return;
        json.WriteString("settlement", JsonNamingPolicy.CamelCase.ConvertName(settled.Kind.ToString()));
        json.WriteString("settled", Units(settled.Settled));
        json.WriteString("tax", Units(IsSettled ? Asked - settled.Settled : 0));
        json.WriteString("nanotonsSent", Units(settled.Sent.Nano));
        json.WriteString("nanotonsDelivered", Units(settled.Delivered.Nano));
        json.WriteString("nanotonsReturned", Units(settled.Returned.Nano));
        json.WriteString("nanotonsCost", Units(settled.Cost.Nano));
        json.WriteString("nanotonsFees", Units(Outcome.Trace!.Fees.Nano));
        json.WriteNumber("exit", settled.Exit);
        json.WriteString("supplyBefore", SupplyBefore is { } before ? Units(before) : null);
        json.WriteString("supplyAfter", SupplyAfter is { } after ? Units(after) : null);
        if (SupplyBefore is { } was && SupplyAfter is { } now) json.WriteBoolean("isShownBySupply", settled.IsShownBy(was, now));
    });

    private string Reason => Settlement switch
    {
        { Kind: SettlementKind.Refused, Exit: var exit } => string.Create(
            CultureInfo.InvariantCulture, $"a contract on the way refused with exit code {exit}, and the jettons are the owner's as before"),
        { Kind: SettlementKind.NotSent } => "the wallet did not send it, and used up its number",
        null when Outcome.End == SendEnd.Traced => "its trace is not whole yet",
        _ => SendProgress.Text(Outcome),
    };

    private string Supply
    {
        get
        {
            if (SupplyAfter is not { } after) return $"not known: {SupplyFault}";
            if (SupplyBefore is not { } before) return $"{Tokens(after)} now; what it was before is not known, as it was signed already";
            var burnt = Order.Kind == TreasuryKind.Burn ? Settlement!.Settled : 0;
            var expected = before > burnt ? before - burnt : 0;
            var told = $"{Tokens(before)} before, {Tokens(after)} now";
            if (expected == after) return $"{told}: {(burnt == 0 ? "as it was" : $"it fell by what was burnt, {Tokens(burnt)}")}";
            var (others, verb) = after > expected ? (after - expected, "made") : (expected - after, "burnt");
            return $"{told}: expected {Tokens(expected)}; others {verb} {Tokens(others)} meanwhile, or the node is behind";
        }
    }

    private string Tax(JettonSettlement settled) => !IsSettled || settled.Settled >= Asked ? ""
        : $": {Tokens(Asked - settled.Settled)} were kept on the way, a transfer tax of "
            + string.Create(CultureInfo.InvariantCulture, $"{(decimal)((Asked - settled.Settled) * 1_000_000 / Asked) / 100:0.##} bps");

    private string Tokens(UInt128 units) => $"{TokenAmount.Text(units, Decimals)} {Symbol ?? "tokens"}";

    private static string Units(UInt128 units) => units.ToString(CultureInfo.InvariantCulture);
}
