namespace Dmm.Wire.Bus;

/// <summary>Names of the topics. All but the dead letters are keyed by the traded asset, so that what concerns one asset stays in order.</summary>
public static class BusTopics
{
    /// <summary>Normalised market data, as collectors publish it.</summary>
    public const string MarketData = "dmm.md.v1";

    /// <summary>Reference rates, which every node reads whole.</summary>
    public const string References = "dmm.reference.v1";

    /// <summary>Input journals.</summary>
    public const string Journal = "dmm.journal.v1";

    /// <summary>Decisions.</summary>
    public const string Decisions = "dmm.decisions.v1";

    /// <summary>Messages that could not be read, byte for byte, with the reason and the place they came from.</summary>
    public const string DeadLetters = "dmm.deadletter.v1";
}
