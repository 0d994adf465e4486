using System.Collections.Immutable;
using Dmm.Core.Kernels;

namespace Dmm.Simulation;

/// <summary>One figure of one variant.</summary>
/// <param name="Figure">Which.</param>
/// <param name="Value">Its mean over runs; null when no run has it.</param>
/// <param name="Difference">From the first variant, run by run on equal flow; null for the first itself.</param>
public sealed record ComparedFigure(RunFigure Figure, Estimate? Value, Estimate? Difference);

/// <summary>All figures of one variant, in the order of <see cref="RunFigure.All"/>.</summary>
public sealed record ComparedVariant(QuoteVariant Variant, ImmutableArray<ComparedFigure> Figures)
{
    /// <summary>The variants' runs put into figures: the n-th run of each had the same flow.</summary>
    /// <param name="variants">The first is what the others are compared with.</param>
    /// <param name="runs">Of each variant, equally many.</param>
    public static ImmutableArray<ComparedVariant> FromRuns(
        ImmutableArray<QuoteVariant> variants, ImmutableArray<ImmutableArray<RunFigures>> runs)
    {
        return [.. variants.Select((variant, i) => new ComparedVariant(variant, [.. RunFigure.All.Select(figure => Figure(figure, i))]))];

        ComparedFigure Figure(RunFigure figure, int i)
        {
            var values = Values(figure, i);
            return new(figure, Estimate.Of([.. values.OfType<double>()]), i == 0 ? null : Estimate.OfDifferences(values, Values(figure, 0)));
        }

        ImmutableArray<double?> Values(RunFigure figure, int i) => [.. runs[i].Select(figure.Of)];
    }

    /// <summary>
    /// The variants' single runs on one recording put into figures. Only the profit has an error: that of a sum of minutes taken as independent.
    /// </summary>
    /// <param name="variants">The first is what the others are compared with.</param>
    /// <param name="runs">One of each.</param>
    public static ImmutableArray<ComparedVariant> FromRecording(ImmutableArray<QuoteVariant> variants, ImmutableArray<RunFigures> runs)
    {
        return
        [
            .. FromRuns(variants, [.. runs.Select(run => ImmutableArray.Create(run))])
                .Select((variant, i) => variant with { Figures = [.. variant.Figures.Select(figure => WithError(figure, i))] }),
        ];

        ComparedFigure WithError(ComparedFigure figure, int i)
        {
            if (figure.Figure != RunFigure.Pnl) return figure;
            ImmutableArray<double?> minutes = [.. runs[i].MinutePnls.Select(pnl => (double?)pnl)],
                others = [.. runs[0].MinutePnls.Select(pnl => (double?)pnl)];
            return figure with
            {
                Value = Measured(figure.Value, Estimate.Of(runs[i].MinutePnls)),
                Difference = Measured(figure.Difference, Estimate.OfDifferences(minutes, others)),
            };
        }

        // The profit of the whole run, a last part of a minute included, with the error of its full minutes.
        static Estimate? Measured(Estimate? whole, Estimate? minute) =>
            whole is { } total && minute is { } each ? each.Sum with { Mean = total.Mean } : whole;
    }
}

/// <summary>The variants side by side on one market.</summary>
/// <param name="Market">Its name.</param>
/// <param name="Arrivals">A and κ that fitted models have there; null when none was compared.</param>
/// <param name="Variants">In the order asked for.</param>
public sealed record ComparedMarket(string Market, ArrivalEstimate? Arrivals, ImmutableArray<ComparedVariant> Variants);
