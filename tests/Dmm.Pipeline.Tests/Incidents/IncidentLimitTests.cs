using System.Text;
using Dmm.Core;
using Dmm.Core.Messages;
using Dmm.Pipeline.Incidents;
using Dmm.Topology.Engine;

namespace Dmm.Pipeline.Tests.Incidents;

public sealed class IncidentLimitTests(RecordedIncident incident) : IClassFixture<RecordedIncident>
{
    private static readonly Timestamp From = RecordedIncident.At("12:00:00");
    private static readonly Timestamp To = RecordedIncident.At("13:00:00");

    [Fact]
    public void LongSeries_KeepsItsSpikes()
    {
        var series = new TimeSeries(From, To);
        for (var i = 0; i < 360_000; i++) series.Add(From + TimeSpan.FromMilliseconds(10 * i), i == 123_457 ? 900 : i == 234_567 ? -900 : i % 7);

        var points = series.Points();

        points.Length.ShouldBeLessThanOrEqualTo(4 * TimeSeries.Slots);
        points.ShouldContain(new SeriesPoint(From + TimeSpan.FromMilliseconds(1_234_570), 900));
        points.ShouldContain(new SeriesPoint(From + TimeSpan.FromMilliseconds(2_345_670), -900));
        points.ShouldBe(points.OrderBy(p => p.At));
    }

    [Fact]
    public void ValueFromBeforeTheRange_StandsAtItsStart()
    {
        var series = new TimeSeries(From, To);
        series.Add(From - TimeSpan.FromMinutes(2), 5);
        series.Add(From - TimeSpan.FromMinutes(1), 7);
        series.Add(From + TimeSpan.FromMinutes(1), 9);
        series.Add(To + TimeSpan.FromMinutes(1), 11);

        series.Points().ShouldBe([new(From, 7), new(From + TimeSpan.FromMinutes(1), 9)]);
    }

    [Fact]
    public void ShortHalt_ShowsInABand()
    {
        var band = new StateBand(From, To, TradingState.Active);
        band.Enter(From + TimeSpan.FromMinutes(30), TradingState.Halted);
        band.Enter(From + TimeSpan.FromMinutes(30) + TimeSpan.FromMilliseconds(1), TradingState.Active);

        band.Spans().Select(s => s.State).ShouldBe([TradingState.Active, TradingState.Halted, TradingState.Active]);
        band.Spans()[1].From.ShouldBe(From + TimeSpan.FromMinutes(30));
    }

    [Fact]
    public void FloodOfEverything_StaysBelowTheLimitOfThePage()
    {
        var reader = incident.Reader;
        var first = reader.Runs().First();
        var options = new IncidentOptions
        {
            From = first.StartedAt, To = first.StartedAt + TimeSpan.FromMinutes(6), At = null,
            Range = new(first, first.StartedAt + TimeSpan.FromMinutes(6)),
            WhatIf = null, Verifies = false, Out = "",
        };
        var report = IncidentReport.Of(reader, "it", options);
        var hostile = new string('<', 10_000);
        for (var i = 1; i <= 20_000; i++)
        {
            var at = first.StartedAt + TimeSpan.FromMilliseconds(10 * i);
            report.Recorded.OnInput(new Stamp(i, at), new Input(Fill(i, hostile)), Core.Ports.InputOrigin.Outside);
            report.Recorded.OnDecision(new(i, new(i, null, at), new Alert(AlertLevel.Critical, hostile, hostile)));
            report.Recorded.OnDecision(new(i, new(i, null, at), new TradingStateChange
            {
                From = TradingState.Active, To = (TradingState)(i % 5), Multiplier = 1, Reason = hostile,
            }));
        }

        var page = IncidentPage.Html(report);

        Encoding.UTF8.GetByteCount(page).ShouldBeLessThan(IncidentLimits.PageBytes);
        page.ShouldContain($"The first {IncidentLimits.Rows} of 20,0");
    }

    private static Fill Fill(int number, string hostile) => new()
    {
        Instrument = new(0), TradeId = hostile + number, ClientOrderId = hostile, Side = Side.Buy, Price = 1, Quantity = 1, Fee = 0,
        FeeAsset = hostile, IsMaker = true, VenueTime = Timestamp.None,
    };
}
