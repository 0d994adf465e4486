namespace Dmm.Core;

public enum TimeInForce : byte
{
    GoodTillCancelled,

    /// <summary>Takes what it can at once; the rest is cancelled.</summary>
    ImmediateOrCancel,
}
