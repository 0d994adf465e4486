using System.Collections.Immutable;
using Dmm.Core;
using Dmm.Core.Kernels;

namespace Dmm.Simulation;

/// <summary>What a comparison sets for a model beside its formula.</summary>
public enum ComparedModel : byte
{
    /// <summary>Avellaneda–Stoikov with the κ of the parameter set.</summary>
    As,

    /// <summary>Avellaneda–Stoikov with the market's own κ.</summary>
    AsFitted,

    /// <summary>Guéant–Lehalle–Fernandez-Tapia with the market's own A and κ.</summary>
    Glft,
}

/// <summary>One way of quoting that is compared with others: nothing else of the parameters differs between them.</summary>
public readonly record struct QuoteVariant(ComparedModel Model, SkewMode Skew)
{
    /// <summary>Models as people name them.</summary>
    public static ImmutableArray<(string Name, ComparedModel Value)> Models { get; } =
        [("as", ComparedModel.As), ("as-fitted", ComparedModel.AsFitted), ("glft", ComparedModel.Glft)];

    /// <summary>Skew modes as people name them.</summary>
    public static ImmutableArray<(string Name, SkewMode Value)> Skews { get; } =
        [("as-written", SkewMode.AsWritten), ("shift", SkewMode.Shift), ("one-sided", SkewMode.OneSided), ("widen", SkewMode.Widen)];

    /// <summary>Model and skew.</summary>
    public string Name => $"{ModelName} {SkewName}";

    public string ModelName => NameIn(Models, Model);

    public string SkewName => NameIn(Skews, Skew);

    /// <summary>It takes A and κ from the market, and not from the parameter set.</summary>
    public bool IsFitted => Model != ComparedModel.As;

    /// <summary>The set with this variant's model and skew.</summary>
    /// <param name="parameters">Everything else.</param>
    /// <param name="arrivals">The market's own, by <see cref="MarketArrivals"/> or from recorded trades.</param>
    public QuotingParameters In(QuotingParameters parameters, in ArrivalEstimate arrivals)
    {
        var quote = parameters.Quote with { SkewMode = Skew, Model = Model == ComparedModel.Glft ? QuoteModel.Glft : QuoteModel.AvellanedaStoikov };
        if (IsFitted) quote = quote with { ArrivalSensitivity = arrivals.Sensitivity };
        if (Model == ComparedModel.Glft) quote = quote with { ArrivalRate = arrivals.Intensity };
        return parameters with { Quote = quote };
    }

    private static string NameIn<T>(ImmutableArray<(string Name, T Value)> known, T value) => known.First(pair => Equals(pair.Value, value)).Name;
}
