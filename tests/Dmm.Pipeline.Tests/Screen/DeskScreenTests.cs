using System.Globalization;
using System.Text.Json;
using Dmm.Core.Messages;
using Dmm.Pipeline.Screen;
using Dmm.Testing;
using Microsoft.Reactive.Testing;
using Spectre.Console;

namespace Dmm.Pipeline.Tests.Screen;

/// <summary>The screens as they are seen; blanks at the ends of lines are left out.</summary>
public sealed class DeskScreenTests
{
    [Fact]
    public void Wide_QuotesAndLaddersBesideProfitAndControls() => Drawn(140, 40).ShouldBe(
        """
         DCT toxic                         2024-08-08 12:01:40.0 UTC  speed ×10, now ×10.0                                               2 events/s
         ◆ WIDENED ×2  volatility 130.00 bps is above 120.00 bps: half-spread × 2
        ╭─ quotes, bps ────────────────────────╮╭─ ladder cex:DCTUSDT ─────────────────────╮╭─ inventory ──────────────────────────────────────────╮
        │                        cex    stonfi ││           price    size     bps order    ││ 7,500.0 DCT  q̂ +0.25                   within limits │
        │ state              widened   widened ││                                          ││ ──┃───────┊───────────────│███───────────┊───────┃── │
        │ mid (fair)         1.00012  0.333373 ││ ask      1.0012   250.0  +10.80 ending   ││ -10k     -5k             5k             15k     20k  │
        │ touch bid                -         - ││ ask      1.0007    25.0   +5.80 partly   ││ hard    soft           target          soft    hard  │
        │ touch ask                -         - ││ mid      1.0001 USDT                     │╰──────────────────────────────────────────────────────╯
        │ last trade               -         - ││ bid      0.9994   150.0   -7.20 partly   │╭─ profit, USD ────────────────────────────────────────╮
        │ σ_T clamped          12.50     12.50 ││ bid      0.9991   125.0  -10.20 pending  ││ order flow                                     +2.75 │
        │   raw                12.50     12.50 ││                                          ││   realised, after fees                         +4.25 │
        │ r shift              -0.98     -0.98 │╰──────────────────────────────────────────╯│   unrealised                                   -1.50 │
        │ δ half-spread         9.72      9.72 │╭─ ladder stonfi:DCT/TON ──────────────────╮│   fees and gas paid                             0.24 │
        │   risk γσ²/2          3.91      3.91 ││           price    size     bps order    ││ starting inventory                            -25.00 │
        │   arrival             0.95      0.95 ││                                          ││ inventory at the mid                        7,500.00 │
        │   × toxic flow       ×1.00     ×1.00 ││                                          ││ drawdown of 500                                 1.75 │
        │   × breakers         ×2.00     ×2.00 ││ ask     0.33360   250.0   +6.81 resting  ││ deepest                                         3.00 │
        │ skew b               +0.75     +0.75 ││ mid     0.33337 TON                      │╰──────────────────────────────────────────────────────╯
        │ floor, spread         7.00      7.00 ││ bid  none                                │╭─ breakers ───────────────────────────────────────────╮
        │ bid from mid        -11.45    -11.45 ││                                          ││ ◆ Volatility widened ×2  asset, since 12:01:20       │
        │ ask from mid         +8.74     +8.74 ││                                          ││   volatility 130.00 bps is above 120.00 bps:         │
        │ full spread          20.19     20.19 │╰──────────────────────────────────────────╯│   half-spread × 2                                    │
        ╰──────────────────────────────────────╯                                            │                                                      │
        ╭─ last fills ─────────────────────────────────────────────────────────────────────╮│                                                      │
        │ time     market           side     price    size kind  +1s bps +5s bps           │╰──────────────────────────────────────────────────────╯
        │ 12:01:10 cex:DCTUSDT      sell    1.0007   100.0 maker                           │╭─ run so far ─────────────────────────────────────────╮
        │ 12:01:00 stonfi:DCT/TON   buy    0.33310 2,500.0 maker   +0.50                   ││ fills    3: 2 buys, 1 sells                          │
        │ 12:00:50 cex:DCTUSDT      buy     0.9994   100.0 maker   +3.50   -1.25           ││ volume   2,700 DCT, 2,698 USD                        │
        │                                                                                  ││ orders   7 placed, 50.0 % filled, 1 rejected         │
        │                                                                                  ││ markouts 1s +2.0  5s -1.3                            │
        │                                                                                  ││ events   16 in, 29 decisions                         │
        │                                                                                  ││ states   active 40 %  widened 20 %  halted 40 %      │
        │                                                                                  ││ gas, σ   0.06 TON a swap, σ 1.14 bps/√s              │
        │                                                                                  │╰──────────────────────────────────────────────────────╯
        │                                                                                  │╭─ alerts and notes ───────────────────────────────────╮
        │                                                                                  ││ 12:01:30 !! cex:DCTUSDT: the built book differs from │
        │                                                                                  ││          the venue's own top                         │
        │                                                                                  ││ 12:00:40 ! cex:DCTUSDT: buy order rejected: the      │
        ╰──────────────────────────────────────────────────────────────────────────────────╯╰──────────────────────────────────────────────────────╯
         Ctrl-C cancels all orders, closes the journal and sums up
        """);

    [Fact]
    public void Medium_TwoColumnsAndTheLastLineNamesWhatIsLeftOut() => Drawn(80, 24).ShouldBe(
        """
         DCT toxic          2024-08-08 12:01:40.0 UTC  speed ×10, now ×10.0  2 events/s
         ◆ WIDENED ×2  volatility 130.00 bps is above 120.00 bps: half-spread × 2
        ╭─ quotes, bps ────────────────────────╮╭─ inventory ──────────────────────────╮
        │                        cex    stonfi ││ 7,500.0 DCT  q̂ +0.25   within limits │
        │ state              widened   widened ││ ─┃─────┊──────────│██───────┊─────┃─ │
        │ mid (fair)         1.00012  0.333373 ││ -10k  -5k        5k        15k   20k │
        │ σ_T clamped          12.50     12.50 │╰──────────────────────────────────────╯
        │ r shift              -0.98     -0.98 │╭─ profit, USD ────────────────────────╮
        │ δ half-spread         9.72      9.72 ││ order flow                     +2.75 │
        │   risk γσ²/2          3.91      3.91 ││   realised, after fees         +4.25 │
        │ bid from mid        -11.45    -11.45 ││   unrealised                   -1.50 │
        │ ask from mid         +8.74     +8.74 ││ starting inventory            -25.00 │
        ╰──────────────────────────────────────╯│ drawdown of 500                 1.75 │
        ╭─ ladder cex:DCTUSDT ─────────────────╮╰──────────────────────────────────────╯
        │ ask    1.0007   25.0  +5.80 part +1  │╭─ breakers ───────────────────────────╮
        │ mid    1.0001 USDT                   ││ ◆ Volatility widened ×2  volatility… │
        │ bid    0.9994  150.0  -7.20 part +1  ││                                      │
        ╰──────────────────────────────────────╯╰──────────────────────────────────────╯
        ╭─ ladder stonfi:DCT/TON ──────────────╮╭─ last fills ─────────────────────────╮
        │ ask   0.33360  250.0  +6.81 resting  ││ time     side     price    size      │
        │ mid   0.33337 TON                    ││ 12:01:10 sell    1.0007   100.0      │
        │ bid  none                            ││ 12:01:00 buy    0.33310 2,500.0      │
        ╰──────────────────────────────────────╯╰──────────────────────────────────────╯
         Ctrl-C ends the run; not tall enough for: run so far, alerts and notes
        """);

    [Fact]
    public void Narrow_OneColumnStaysReadable() => Drawn(40, 50).ShouldBe(
        """
         DCT toxic  12:01:40  ×10        2 ev/s
         ◆ WIDENED ×2  volatility 130.00 bps i…
        ── profit, USD ─────────────────────────
        order flow                         +2.75
          realised, after fees             +4.25
          unrealised                       -1.50
          fees and gas paid                 0.24
        starting inventory                -25.00
        inventory at the mid            7,500.00
        drawdown of 500                     1.75
        deepest                             3.00
        ── inventory ───────────────────────────
        7,500.0 DCT  q̂ +0.25       within limits
        ─┃─────┊────────────│███────────┊─────┃─
        -10k  -5k          5k          15k   20k
        hard soft        target       soft  hard
        ── breakers ────────────────────────────
        ◆ Volatility widened ×2  asset, since 1…
          volatility 130.00 bps is above 120.00
          bps: half-spread × 2

        ── quotes, bps ─────────────────────────
                               cex    stonfi
        state              widened   widened
        mid (fair)         1.00012  0.333373
        σ_T clamped          12.50     12.50
        r shift              -0.98     -0.98
        δ half-spread         9.72      9.72
        bid from mid        -11.45    -11.45
        ask from mid         +8.74     +8.74
        ── ladder cex:DCTUSDT ──────────────────
        ask      1.0007    25.0   +5.80 part +1
        mid      1.0001 USDT
        bid      0.9994   150.0   -7.20 part +1
        ── ladder stonfi:DCT/TON ───────────────
        ask     0.33360   250.0   +6.81 resting
        mid     0.33337 TON
        bid  none
        ── last fills ──────────────────────────
        time     side     price    size +5s bps
        12:01:10 sell    1.0007   100.0
        12:01:00 buy    0.33310 2,500.0
        ── run so far ──────────────────────────
        fills    3: 2 buys, 1 sells
        orders   7 placed, 50.0 % filled
        events   16 in, 29 decisions
        ── alerts and notes ────────────────────
        12:01:30 !! cex:DCTUSDT: the built book
                 differs from the venue's own
         Ctrl-C ends the run
        """);

    [Fact]
    public void TooNarrow_SaysSoAndShowsWhatMattersMost() => Drawn(20, 8).ShouldBe(
        """
        ◆ WIDENED
        12:01:40
        profit +2.75
        q̂ +0.25
        too narrow: 20
        columns, 30 are
        needed. Trading goes
        on.
        """);

    [Fact]
    public void EverySize_FillsTheTerminalAndNoMore()
    {
        var desk = SampleDesk.Told().At(100);
        for (var width = 30; width <= 220; width += 7)
        {
            for (var height = 8; height <= 70; height += 3)
            {
                var lines = Lines(desk, width, height);
                lines.Length.ShouldBe(height, $"{width} × {height}");
                lines.ShouldAllBe(line => DeskText.Width(line) == width, $"{width} × {height}");
            }
        }

        for (var height = 1; height < 8; height++) Lines(desk, 80, height).Length.ShouldBeLessThanOrEqualTo(height);
    }

    [Fact]
    public void AnotherCulture_SameScreenLinesAndSums()
    {
        var before = (Drawn(140, 40), Summary());
        var culture = CultureInfo.CurrentCulture;
        try
        {
            // Invariant globalisation knows no other culture, so one is made: a comma in place of the point.
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            other.NumberFormat.NumberDecimalSeparator = ",";
            other.NumberFormat.NumberGroupSeparator = ".";
            other.NumberFormat.NegativeSign = "~";
            CultureInfo.CurrentCulture = other;
            (Drawn(140, 40), Summary()).ShouldBe(before);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public void ReasonWithEscapeCodes_ReachesNoTerminal()
    {
        var desk = new SampleDesk();
        desk.Decide(1, new Alert(AlertLevel.Warning, "cex", "\e[2Jgone\a"));
        desk.Decide(1, SampleDesk.Breaker(BreakerKind.OrderPath, "cex", TradingState.Halted, 1, "\e]0;owned\a"));
        string.Concat(Lines(desk.At(2), 140, 40)).Any(char.IsControl).ShouldBeFalse();
    }

    [Fact]
    public void NumberWiderThanItsCell_IsNotCutToAnotherNumber()
    {
        var line = new ScreenLine().Right("12345.67", 6);
        string.Concat(line.Within(6).Select(s => s.Text)).ShouldBe("######");
    }

    [Fact]
    public void AllAtRest_IsSaidInWords()
    {
        var desk = SampleDesk.Told();
        desk.Decide(95, SampleDesk.Breaker(BreakerKind.Volatility, "asset", TradingState.Active, 1, "calm"));
        string.Concat(Lines(desk.At(100), 140, 40)).ShouldContain("● all at rest");
    }

    [Fact]
    public async Task Display_GivesTheTerminalBack()
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.Yes });
        await using (var display = new DeskDisplay(console, new SchedulerTimeProvider(new TestScheduler())))
        {
            display.IsDue.ShouldBeTrue();
            display.Show(SampleDesk.Told().At(100));
            display.IsDue.ShouldBeFalse();
        }

        text.ToString().ShouldStartWith("\e[?1049h\e[?25l");
        text.ToString().ShouldEndWith("\e[?25h\e[?1049l");
    }

    [Fact]
    public void Summary_JsonIsOneCamelCaseLineWithTheFactsFirst()
    {
        var json = RunSummaryView.ToJson(SampleDesk.Told().Model.Totals(SampleDesk.Start + TimeSpan.FromSeconds(100)), [new("seed", "seed", 7)]);
        json.ShouldStartWith("{\"seed\":7,\"asset\":\"DCT\"");
        json.ShouldNotContain("\n");
        var root = JsonDocument.Parse(json).RootElement;
        root.GetProperty("fills").GetInt64().ShouldBe(3);
        root.GetProperty("orderFlowPnl").GetDecimal().ShouldBe(2.75m);
        root.GetProperty("inventoryMax").GetDecimal().ShouldBe(7_600m);
        root.GetProperty("markout1s").GetDouble().ShouldBe(2);
        root.GetProperty("markout5s").GetDouble().ShouldBe(-1.25);
    }

    private static string Summary()
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        console.Profile.Width = 150;
        RunSummaryView.Write(console, SampleDesk.Told().At(100).Totals, [new("seed", "seed", 7)]);
        return text.ToString();
    }

    private static string Drawn(int width, int height) =>
        string.Join("\n", Lines(SampleDesk.Told().At(100), width, height).Select(line => line.TrimEnd())).TrimEnd();

    private static string[] Lines(DeskSnapshot desk, int width, int height)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(text), Ansi = AnsiSupport.No });
        (console.Profile.Width, console.Profile.Height, console.Profile.Capabilities.Unicode) = (width, height, true);
        console.Write(DeskScreen.Render(desk, width, height));
        return text.ToString().TrimEnd('\n').Split('\n');
    }
}
