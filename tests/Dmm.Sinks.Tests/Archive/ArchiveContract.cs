using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Core.Ports;
using Dmm.Sinks.Archive;
using Dmm.Sinks.Following;
using Dmm.Testing.Journal;

namespace Dmm.Sinks.Tests.Archive;

/// <summary>An empty store for one test.</summary>
public interface IArchiveUnderTest : IDisposable
{
    IArchive Open();

    /// <summary>Applies a batch up to the moment before it would be committed, and ends there as a killed process does.</summary>
    void ApplyAndDie(FollowBatch batch);

    /// <summary>
    /// Rows as text, values joined by a bar, null as a dash, flags 0 or 1, instants in ISO 8601, decimals without zeros at their end.
    /// </summary>
    IReadOnlyList<string> Rows(string sql);

    /// <summary>Changes the store behind the archive's back, with the rights of its administrator.</summary>
    void Tamper(string sql);

    /// <summary>An instant as precisely as the store shows it.</summary>
    Timestamp Shown(Timestamp at);

    /// <summary>Whether the store has room for all digits of that amount; what it has no room for it must refuse.</summary>
    bool Holds(decimal amount);
}

/// <summary>What every archive keeps, whatever stores it.</summary>
public abstract class ArchiveContract : IDisposable
{
    private readonly Lazy<IArchiveUnderTest> _store;
    private readonly StoryJournal _story = new();

    protected ArchiveContract() => _store = new(NewStore);

    protected abstract IArchiveUnderTest NewStore();

    private IArchiveUnderTest Store => _store.Value;

    private static readonly string[] Tables =
        [
        "cursor", "runs", "fills", "markouts", "positions", "mm_state", "orders", "volatility_snapshots", "hedges", "treasury", "pnl_days",
        "parameter_changes", "audit",
    ];

    public void Dispose()
    {
        _story.Dispose();
        if (_store.IsValueCreated) _store.Value.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void StoryOfTwoOrders_StandsInTheTables()
    {
        using (var archive = Store.Open()) _story.Traded().Close().Follow(archive).CatchUp(isClosed: true).ShouldBe(24);

        Store.Rows("SELECT journal, ledger, run, sequence, decision FROM cursor").ShouldBe(["0001-demo|live|1|10|13"]);
        Store.Rows("SELECT journal, run, started_at, code_version, platform, configuration_hash, mode FROM runs").ShouldBe(
            [$"0001-demo|1|{At(0)}|1.0.0+643d666|x64, Linux, .NET 10.0.1|9f86d081|paper"]);
        Store.Rows("SELECT venue, symbol, side, trade_id, client_order_id, price, quantity, fee, fee_asset, is_maker, stamped_at, sequence "
            + "FROM fills ORDER BY trade_id").ShouldBe(
        [
            $"binance-usdm|BTCUSDT|buy|t1|a1|61701|0.001|-0.001234|USDT|1|{At(3)}|3",
            $"binance-usdm|BTCUSDT|buy|t2|a1|61701|0.001|-0.001234|USDT|1|{At(5)}|5",
        ]);
        Store.Rows("SELECT client_order_id, side, price, size, remaining, filled, fills, amendments, status, reason, placed_by FROM orders "
            + "ORDER BY client_order_id").ShouldBe(
        [
            "a1|buy|61701|0.003|0|0.002|2|1|filled||1",
            "a2|buy|61700|0.005|0|0|0|0|rejected|post-only|6",
        ]);
        Store.Rows("SELECT placed_at, acked_at, amended_at, cancel_asked_at, first_fill_at, last_fill_at, closed_at FROM orders "
            + "WHERE client_order_id = 'a1'").ShouldBe([string.Join('|',
            At(1), At(2), At(2), "-", At(3), At(5),
            At(6))]);
        Store.Rows("SELECT trade_id, horizon_ms, bps, mid_move_bps, time_to_fill_ms, quoted_half_spread_bps, decision FROM markouts").ShouldBe(
            ["t1|5000|1.25|-0.5|2500|5.95|7"]);
        Store.Rows("SELECT symbol, quantity, average, realised, fees, settlement_asset, unconverted_fees, as_of, decision FROM positions").ShouldBe(
            [$"BTCUSDT|10.5|617.02|-0.84|0.84|USDT|{{\"TON\":\"0.06\"}}|{At(5)}|5"]);
        Store.Rows("SELECT asset, inventory, starting_inventory, inventory_ratio, target, soft_long, hard_long, order_flow_pnl, realised_pnl, "
            + "drawdown, trading_state, trading_reason, trading_since, updated_at FROM mm_state").ShouldBe(
            [$"BTC|5011.5|5000|0.105|5000|10000|15000|2|-0.84|0.1|killed|killed by Zoë: drill|{At(8)}|{At(8)}"]);
        Store.Rows("SELECT journal, decision, ledger, asset, at, variance_rate, raw_volatility_bps, volatility_bps, is_ready "
            + "FROM volatility_snapshots").ShouldBe([$"0001-demo|11|live|BTC|{At(9)}|1.5E-09|12.5|12.5|1"]);
        Store.Rows("SELECT journal, decision, ledger, asset, at, side, quantity, inventory_ratio, reason FROM hedges").ShouldBe(
            [$"0001-demo|12|live|BTC|{At(9)}|sell|12.5|0.91||q̂| 0.91 above 0.80"]);
        Store.Rows("SELECT journal, decision, ledger, at, action, asset, amount, reason FROM treasury").ShouldBe(
            [$"0001-demo|13|live|{At(9)}|buyback|DCT|100|share of profit"]);
        Store.Rows("SELECT ledger, asset, day, journal, decision, as_of, realised, order_flow, drawdown FROM pnl_days").ShouldBe(
            [$"live|BTC|2024-08-08|0001-demo|8|{At(7)}|-0.84|2|0.1"]);
        Store.Rows("SELECT sequence, at, operator, reason FROM parameter_changes").ShouldBe([$"9|{At(9)}|Ann|wider"]);
        Store.Rows("SELECT number, place, kind, subject, actor, what FROM audit "
            + "WHERE kind <> 'runStart' AND kind <> 'parameterChange' ORDER BY number").ShouldBe(
        [
            "2|input 8|operatorCommand|kill|Zoë|drill",
            "3|decision 9|tradingState|active to killed|engine|killed by Zoë: drill",
            "4|decision 10|alert|kill|engine|critical: killed",
        ]);
    }

    [Fact]
    public void AcceptedCount_IsInTheAuditLogWithWhoAndWhy()
    {
        using var archive = Store.Open();
        _story.Run().Hear(new CountAcceptance("okx", "Zoë", "deposit of 500 DCT")).Close().Follow(archive).CatchUp(isClosed: true);
        Store.Rows("SELECT kind, subject, actor, what FROM audit WHERE kind = 'countAcceptance'").ShouldBe(
            ["countAcceptance|count of okx|Zoë|deposit of 500 DCT"]);
        archive.VerifyAudit().IsIntact.ShouldBeTrue();
    }

    [Fact]
    public void FillWhoseVenueDidNotSayWhenItWasQuoted_IsCompletedByItsMarkout()
    {
        using var archive = Store.Open();
        var follower = _story.Run().Hear(StoryJournal.Fill("t1", "a1", 1)).Decide(StoryJournal.Pnl(0)).Flush().Follow(archive);
        follower.CatchUp(isClosed: false);
        Store.Rows("SELECT quoted_at, quoted_half_spread_bps FROM fills").ShouldBe(["-|-"]);
        _story.Decide(StoryJournal.Markout("t1", TimeSpan.FromSeconds(1))).Flush();
        follower.CatchUp(isClosed: false);
        Store.Rows("SELECT quoted_at, quoted_half_spread_bps FROM fills")
            .ShouldBe([$"{Store.Shown(StoryJournal.Second(1) - TimeSpan.FromSeconds(2.5))}|5.95"]);
    }

    [Fact]
    public void AnyBatchAgain_AlsoOverlapping_ChangesNothing()
    {
        var batches = Batches(_story.Traded().Close());
        using var archive = Store.Open();
        for (var i = 0; i < batches.Length; i++)
        {
            archive.Apply(batches[i]);
            var before = Everything();
            for (var j = 0; j <= i; j++) archive.Apply(Joined(batches[j..(i + 1)]));
            for (var j = 0; j <= i; j++) archive.Apply(batches[j]);
            Everything().ShouldBe(before);
        }

        var overlapped = Everything();
        using var other = NewStore();
        using (var whole = other.Open()) whole.Apply(Joined(batches));
        EverythingIn(other).ShouldBe(overlapped);
    }

    [Fact]
    public void OverlappingBatches_AreEqualToOneAfterTheOther()
    {
        var batches = Batches(_story.Traded().Close());
        using (var archive = Store.Open())
        {
            for (var i = 0; i < batches.Length; i++) archive.Apply(Joined(batches[Math.Max(0, i - 3)..(i + 1)]));
        }

        using var other = NewStore();
        using (var archive = other.Open()) _story.Follow(archive).CatchUp(isClosed: true);
        Everything().ShouldBe(EverythingIn(other));
    }

    [Fact]
    public void BatchThatLeavesRecordsOut_IsRefused()
    {
        var batches = Batches(_story.Traded().Close());
        using var archive = Store.Open();
        archive.Apply(batches[0]);
        Should.Throw<InvalidOperationException>(() => archive.Apply(batches[5])).Message.ShouldStartWith("a batch of 0001-demo begins after ");
        archive.Position(_story.Identity).ShouldBe(batches[0].To);
    }

    [Fact]
    public void KilledBeforeTheCommit_NeitherRowsNorCursorAreThere()
    {
        var batches = Batches(_story.Traded().Close());
        using (var archive = Store.Open()) archive.Apply(batches[0]);
        var before = Everything();
        foreach (var batch in batches[1..])
        {
            Store.ApplyAndDie(Joined(batches[1..]));
            Everything().ShouldBe(before);
            using var archive = Store.Open();
            archive.Position(_story.Identity).ShouldBe(batch.From);
            archive.Apply(batch);
            before = Everything();
        }
    }

    [Fact]
    public void ArchiveThatWasAway_CatchesUpOverRunsAndWriters()
    {
        using (var archive = Store.Open()) _story.Traded().Flush().Follow(archive).CatchUp(isClosed: false);
        _story.Hear(StoryJournal.Fill("t3", "a1", 2)).Run().Hear(StoryJournal.Fill("t4", "a3", 4)).Decide(StoryJournal.Inventory(1)).Close();
        _story.Run().Hear(StoryJournal.Fill("t5", "a3", 8)).Close();
        using (var archive = Store.Open()) _story.Follow(archive).CatchUp(isClosed: true).ShouldBe(7);
        Store.Rows("SELECT trade_id, sequence FROM fills ORDER BY trade_id").ShouldBe(["t1|3", "t2|5", "t3|11", "t4|12", "t5|13"]);
        Store.Rows("SELECT run FROM runs ORDER BY run").ShouldBe(["1", "2", "3"]);
        Store.Rows("SELECT filled, fills FROM orders WHERE client_order_id = 'a3'").ShouldBe(["12|2"]);
    }

    [Fact]
    public void FillToldAgain_AfterARestartOrInTheNextJournal_IsCountedOnce()
    {
        using var next = new StoryJournal("0002-demo", 2);
        using var archive = Store.Open();
        _story.Run().Hear(StoryJournal.Fill("t1", "a1", 1)).Hear(StoryJournal.Fill("t1", "a1", 1)).Close();
        _story.Run().Hear(StoryJournal.Fill("t1", "a1", 1)).Hear(StoryJournal.Fill("t1", "a1", 1, Side.Sell)).Close();
        _story.Follow(archive).CatchUp(isClosed: true);
        next.Run().Hear(StoryJournal.Fill("t1", "a1", 1)).Hear(StoryJournal.Fill("t2", "a1", 1)).Close().Follow(archive).CatchUp(isClosed: true);
        Store.Rows("SELECT trade_id, side, journal, sequence FROM fills ORDER BY trade_id, side").ShouldBe(
            ["t1|buy|0001-demo|1", "t1|sell|0001-demo|4", "t2|buy|0002-demo|2"]);
        Store.Rows("SELECT filled, fills FROM orders").ShouldBe(["3|3"]);
    }

    [Fact]
    public void MarketThatBeginsAnew_HasItsOwnLedger()
    {
        using var next = new StoryJournal("0002-demo", 2, ledger: "0002-demo");
        using var archive = Store.Open();
        _story.Run().Hear(StoryJournal.Fill("1", "a1", 1)).Close().Follow(archive).CatchUp(isClosed: true);
        next.Run().Hear(StoryJournal.Fill("1", "a1", 1)).Close().Follow(archive).CatchUp(isClosed: true);
        Store.Rows("SELECT ledger, trade_id FROM fills ORDER BY ledger").ShouldBe(["0002-demo|1", "live|1"]);
    }

    [Fact]
    public void OlderJournalTakenLater_DoesNotBringItsStateBack()
    {
        using var next = new StoryJournal("0002-live", 2);
        using var archive = Store.Open();
        next.Run().Trade().Decide(StoryJournal.Inventory(2)).Close().Follow(archive).CatchUp(isClosed: true);
        _story.Run().Trade().Decide(StoryJournal.Inventory(1)).Close().Follow(archive).CatchUp(isClosed: true);
        Store.Rows("SELECT journal, inventory FROM mm_state").ShouldBe(["0002-live|2"]);
        Store.Rows("SELECT journal FROM positions").ShouldBe(["0002-live"]);
        Store.Rows("SELECT journal FROM runs ORDER BY journal").ShouldBe(["0001-demo", "0002-live"]);
    }

    [Theory]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("-0.0000000000000000000000000001", "-0.0000000000000000000000000001")]
    [InlineData("123456789012345678.0123456789000", "123456789012345678.0123456789")]
    [InlineData("0.1", "0.1")]
    public void ExactDecimal_IsKeptDigitByDigitOrRefused(string quantity, string kept)
    {
        var amount = decimal.Parse(quantity, System.Globalization.CultureInfo.InvariantCulture);
        using (var archive = Store.Open())
        {
            var fill = StoryJournal.Fill("t1", "a1", amount) with { Fee = amount, Price = 1 };
            var follower = _story.Run().Hear(fill).Decide(StoryJournal.Pnl(amount)).Close().Follow(archive);
            if (!Store.Holds(amount))
            {
                Should.Throw<SinkException>(() => follower.CatchUp(isClosed: true)).Message.ShouldContain($"fills.quantity does not hold {kept}: ");
                Everything().ShouldBeEmpty();
                return;
            }

            follower.CatchUp(isClosed: true);
        }

        Store.Rows("SELECT quantity, fee FROM fills").ShouldBe([$"{kept}|{kept}"]);
        Store.Rows("SELECT order_flow_pnl FROM mm_state").ShouldBe([kept]);
        Store.Rows("SELECT filled FROM orders").ShouldBe([kept]);
    }

    [Fact]
    public void TwoArchivesOverOneStore_DoubleNothing()
    {
        using var one = Store.Open();
        using var two = Store.Open();
        foreach (var batch in Batches(_story.Traded().Close()))
        {
            one.Apply(batch);
            two.Apply(batch);
        }

        two.VerifyAudit().Rows.ShouldBe(5);
        Store.Rows("SELECT count(*) FROM fills").ShouldBe(["2"]);
        Store.Rows("SELECT filled FROM orders WHERE client_order_id = 'a1'").ShouldBe(["0.002"]);
    }

    [Fact]
    public void AuditLog_IsTheSameHoweverTheJournalWasTaken()
    {
        using (var archive = Store.Open())
        {
            _story.Traded().Close();
            foreach (var batch in Batches(_story)) archive.Apply(batch);
        }

        using var other = NewStore();
        using var again = other.Open();
        _story.Follow(again).CatchUp(isClosed: true);
        using var first = Store.Open();
        var verified = first.VerifyAudit();
        verified.IsIntact.ShouldBeTrue();
        verified.ShouldBe(again.VerifyAudit());
        verified.Text.ShouldBe($"audit log intact: 5 rows, head {verified.Head}");
    }

    [Theory]
    [InlineData("UPDATE audit SET text = replace(text, 'drill', 'error') WHERE number = 2", 2,
        "audit log broken: row 2 is not what was written: its hash does not follow from its text and the row before")]
    [InlineData("UPDATE audit SET hash = replace(hash, 'a', 'b') WHERE number = 3", 3,
        "audit log broken: row 3 is not what was written: its hash does not follow from its text and the row before")]
    [InlineData("DELETE FROM audit WHERE number = 1", 1, "audit log broken: row 1 is missing: row 2 follows")]
    [InlineData("DELETE FROM audit WHERE number = 4", 4, "audit log broken: row 4 is missing: row 5 follows")]
    [InlineData("DELETE FROM audit WHERE number = 2; UPDATE audit SET number = number - 1 WHERE number > 2", 2,
        "audit log broken: row 2 bears another number in its text")]
    public void AuditRowTamperedWith_IsNamed(string sql, long row, string text)
    {
        using (var archive = Store.Open()) _story.Traded().Close().Follow(archive).CatchUp(isClosed: true);
        Store.Tamper(sql);
        using var reopened = Store.Open();
        var verified = reopened.VerifyAudit();
        (verified.IsIntact, verified.FirstBroken, verified.Text).ShouldBe((false, row, text));
    }

    [Fact]
    public void EmptyStore_HasNoPositionAndAnIntactAuditLog()
    {
        using var archive = Store.Open();
        archive.Position(_story.Identity).ShouldBe(default);
        archive.VerifyAudit().ShouldBe(new AuditVerification(0, new string('0', 64), null, $"audit log intact: 0 rows, head {new string('0', 64)}"));
    }

    /// <summary>The journal's records, each in a batch of its own.</summary>
    private static ImmutableArray<FollowBatch> Batches(StoryJournal story)
    {
        var collected = new CollectingArchive();
        story.Follow(collected).CatchUp(isClosed: true);
        var whole = collected.Batches.Single();
        var batches = ImmutableArray.CreateBuilder<FollowBatch>();
        var reached = whole.From;
        foreach (var record in whole.Records)
        {
            var next = record.IsDecision ? reached with { Decision = record.Decision.Number }
                : record.Journal.Header is { } header ? reached with { Run = header.Run }
                : reached with { Sequence = record.Journal.Stamp.Sequence };
            batches.Add(whole with { From = reached, To = next, Records = [record] });
            reached = next;
        }

        // Market data at the end is in no batch, and counts all the same.
        batches[^1] = batches[^1] with { To = whole.To };
        return batches.ToImmutable();
    }

    private static FollowBatch Joined(ReadOnlySpan<FollowBatch> batches)
    {
        var records = ImmutableArray.CreateBuilder<FollowedRecord>();
        foreach (var batch in batches) records.AddRange(batch.Records);
        return batches[0] with { To = batches[^1].To, Records = records.ToImmutable() };
    }

    private static FollowBatch Joined(ImmutableArray<FollowBatch> batches) => Joined(batches.AsSpan());

    private string[] Everything() => EverythingIn(Store);

    /// <summary>Sorted, since a store need not keep its rows in an order.</summary>
    private static string[] EverythingIn(IArchiveUnderTest store) =>
        [.. Tables.SelectMany(table => store.Rows($"SELECT * FROM {table}").Order(StringComparer.Ordinal))];

    private Timestamp At(int second) => Store.Shown(StoryJournal.Second(second));
}

/// <summary>Keeps batches as they come.</summary>
internal sealed class CollectingArchive : IArchive
{
    private FollowCursor _cursor;

    public List<FollowBatch> Batches { get; } = [];

    public FollowCursor Position(FollowedJournal journal) => _cursor;

    public void Apply(FollowBatch batch)
    {
        batch.From.ShouldBe(_cursor);
        Batches.Add(batch);
        _cursor = batch.To;
    }

    public AuditVerification VerifyAudit(long there = 0) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
