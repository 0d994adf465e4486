using Dmm.Sinks.Archive;
using Dmm.Wire.Ton;

namespace Dmm.Sinks.Tests.Archive;

/// <summary>The audit log's chain against what the anchor contract keeps.</summary>
public sealed class AnchorCheckTests
{
    private static readonly AuditRow[] Rows = Chain(6, "");

    [Fact]
    public void ChainAtItsPosting_Agrees_AndTellsWhatCameSince()
    {
        var finding = Check(Posted(4), Rows);
        (finding.Verdict, finding.IsProof, finding.RowsSince).ShouldBe((AnchorVerdict.Agrees, true, 2));
        finding.Text.ShouldBe($"the chain agrees with posting 3 (row 4, head {Rows[3].Hash})");
        Check(Posted(6), Rows).RowsSince.ShouldBe(0);
    }

    [Fact]
    public void NothingPosted_ProvesNothing()
    {
        var finding = Check(AnchorState.Initial, Rows);
        (finding.Verdict, finding.IsProof, finding.RowsSince).ShouldBe((AnchorVerdict.NothingPosted, false, 6));
    }

    [Fact]
    public void RowsCutOff_AreMissed()
    {
        var finding = Check(Posted(6), Rows[..5]);
        (finding.Verdict, finding.Text).ShouldBe(
            (AnchorVerdict.CutOff, $"the chain has 5 rows: expected at least those of posting 3 (row 6, head {Rows[5].Hash})"));
        Check(new(1, ulong.MaxValue, Head(6)), Rows).Verdict.ShouldBe(AnchorVerdict.CutOff);
        Check(Posted(1), []).Verdict.ShouldBe(AnchorVerdict.CutOff);
    }

    [Fact]
    public void ChainWrittenAnew_IsIntactInItself_AndDiffers()
    {
        var finding = Check(Posted(4), Chain(6, " too"));
        finding.Verdict.ShouldBe(AnchorVerdict.Differs);
        finding.Text.ShouldEndWith($"expected that of posting 3 (row 4, head {Rows[3].Hash})");
    }

    [Theory]
    [InlineData(2, AnchorVerdict.Broken)]
    [InlineData(4, AnchorVerdict.Broken)]
    [InlineData(5, AnchorVerdict.Agrees)]
    public void BrokenRow_CountsUpToThePosting(int broken, AnchorVerdict expected)
    {
        var rows = Rows.ToArray();
        rows[broken - 1] = rows[broken - 1] with { Text = rows[broken - 1].Text + " " };
        Check(Posted(4), rows).Verdict.ShouldBe(expected);
    }

    private static AnchorFinding Check(AnchorState told, AuditRow[] rows) =>
        AnchorCheck.Compare(told, AuditChain.Verify(rows, (long)Math.Min(told.Rows, long.MaxValue)));

    private static AnchorState Posted(int row) => new(3, (ulong)row, Head(row));

    private static Hash256 Head(int row) => Hash256.FromHex(Rows[row - 1].Hash);

    private static AuditRow[] Chain(int count, string more)
    {
        var (rows, head) = (new AuditRow[count], AuditChain.Root);
        for (var i = 0; i < count; i++)
        {
            var text = $"{AuditEntry.Start(i + 1)}\"text\":\"row{more}\"}}";
            rows[i] = new(i + 1, text, head = AuditChain.Hash(head, text));
        }

        return rows;
    }
}
