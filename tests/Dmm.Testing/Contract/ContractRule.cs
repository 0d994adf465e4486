namespace Dmm.Testing;

/// <summary>The rules of Rx that <see cref="ContractValidation.Validated{T}"/> checks.</summary>
public enum ContractRule
{
    /// <summary>Nothing is delivered after OnError or OnCompleted.</summary>
    SilentAfterTerminal,

    /// <summary>Nothing is delivered after the subscription was disposed, nor by its disposal.</summary>
    SilentAfterDispose,

    /// <summary>No delivery begins inside another one on the same thread.</summary>
    NotReentrant,

    /// <summary>No delivery begins while another thread is inside one.</summary>
    NotOverlapping,

    /// <summary>Subscribe does not throw: errors are delivered by OnError.</summary>
    SubscribeDoesNotThrow,

    /// <summary>Subscribe returns something to dispose, never null.</summary>
    SubscribeReturnsDisposable,
}
