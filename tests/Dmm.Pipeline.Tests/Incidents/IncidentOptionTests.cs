using Dmm.Core;
using Dmm.Pipeline.Incidents;
using Dmm.Pipeline.Tests.Commands;

namespace Dmm.Pipeline.Tests.Incidents;

public sealed class IncidentOptionTests(RecordedIncident incident) : IClassFixture<RecordedIncident>
{
    private static readonly JournalSpan OneDay = new(Timestamp.Parse("2026-01-05T11:00:00Z"), Timestamp.Parse("2026-01-05T14:00:00Z"), "DCT");
    private static readonly JournalSpan TwoDays = OneDay with { End = Timestamp.Parse("2026-01-06T14:00:00Z") };

    [Theory]
    [InlineData("2026-01-05T13:00:00Z", "2026-01-05T13:00:00Z")]
    [InlineData("2026-01-05 13:00", "2026-01-05T13:00:00Z")]
    [InlineData("2026-01-05T14:00:00.1234567+01:00", "2026-01-05T13:00:00.1234567Z")]
    [InlineData("13:00", "2026-01-05T13:00:00Z")]
    [InlineData("9:05:07.5", "2026-01-05T09:05:07.5Z")]
    [InlineData("-15m", "2026-01-05T13:45:00Z")]
    [InlineData("-1.5h", "2026-01-05T12:30:00Z")]
    public void Time_IsReadInEveryForm(string text, string instant) =>
        InstantText.Parse(text, OneDay).ShouldBe(Timestamp.Parse(instant));

    [Theory]
    [InlineData("yesterday")]
    [InlineData("1/5/2026")]
    [InlineData("-0s")]
    [InlineData("25:00")]
    [InlineData("2026-13-05")]
    public void OtherTexts_AreRefusedWithTheFormsThereAre(string text) =>
        Should.Throw<FormatException>(() => InstantText.Parse(text, OneDay))
            .Message.ShouldContain($"'{text}' is no time: expected an instant in UTC");

    [Fact]
    public void TimeOfDay_NeedsADateWhereTheJournalHoldsSeveralDays() =>
        Should.Throw<FormatException>(() => InstantText.Parse("13:00", TwoDays)).Message.ShouldContain("expected a date with it");

    [Fact]
    public void Span_ReachesFromTheFirstRunToTheLastRecord()
    {
        var span = JournalSpan.Read(incident.Reader, "it");

        (span.Begin, span.Asset).ShouldBe((RecordedIncident.At("11:57:50"), "DCT"));
        span.End.ShouldBe(incident.Reader.InputsFrom(0L).Last().Stamp.At);
    }

    [Fact]
    public async Task TimesOutsideTheJournal_NameItsRangeAllAtOnce()
    {
        var run = await CommandRun.Of("replay", "--journal", incident.Journal, "--from", "11:00", "--to", "13:00", "--at", "soon", "--asset", "BTC");

        run.ExitCode.ShouldBe(2);
        run.Output.ShouldBeEmpty();
        run.Error.ShouldContain("--from 2026-01-05 11:00:00 is before the journal begins: it holds 2026-01-05 11:57:50 to 2026-01-05 12:04:00");
        run.Error.ShouldContain("--to 2026-01-05 13:00:00 is after the journal ends: it holds 2026-01-05 11:57:50 to 2026-01-05 12:04:00");
        run.Error.ShouldContain("--at 'soon' is no time");
        run.Error.ShouldContain("--asset BTC: the journal is of DCT");
    }

    [Theory]
    [InlineData("--from 12:02 --to 12:02", "--from 2026-01-05 12:02:00 is not before --to 2026-01-05 12:02:00")]
    [InlineData("--from 12:02 --to 12:03 --at 12:01", "--at 2026-01-05 12:01:00 is outside the range")]
    [InlineData("--bootstrap localhost:9092", "--bootstrap belongs to --topic")]
    [InlineData("--topic t --bootstrap localhost:9092", "expected one journal: either --topic or --journal")]
    [InlineData("--from 12:02 --shadow", "belong to --capture")]
    public async Task OptionsThatDoNotFit_AreRefused(string options, string expected)
    {
        var run = await CommandRun.Of(["replay", "--journal", incident.Journal, .. options.Split(' ')]);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(expected);
    }

    [Theory]
    [InlineData("--topic t", "--topic needs --bootstrap")]
    [InlineData("--topic t --bootstrap nowhere", "the brokers 'nowhere' cannot be read: expected host:port")]
    public async Task TopicOptions_AreChecked(string options, string expected)
    {
        var run = await CommandRun.Of(["replay", .. options.Split(' ')]);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(expected);
    }

    [Fact]
    public async Task CaptureOptions_DoNotTakeTimes()
    {
        var run = await CommandRun.Of("replay", "--capture", "x.gz", "--venue", "binance-usdm", "--symbol", "BTCUSDT", "--from", "12:00");

        run.ExitCode.ShouldBe(2);
    }
}
