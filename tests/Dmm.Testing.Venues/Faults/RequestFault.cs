namespace Dmm.Testing.Venues;

/// <summary>What goes wrong with one request. Several may meet in one: each is a step on its way.</summary>
public abstract record RequestFault
{
    private RequestFault()
    {
    }

    /// <summary>The connection breaks before the venue has read it: nothing is done, nobody answers.</summary>
    public sealed record Lost : RequestFault;

    /// <summary>It takes effect, and the answer never comes; the connection stays open.</summary>
    public sealed record NoAnswer : RequestFault;

    /// <summary>It takes effect, and the connection breaks before the answer.</summary>
    public sealed record AnswerLost : RequestFault;

    /// <summary>It takes effect, and the connection breaks within the answer.</summary>
    public sealed record AnswerTruncated : RequestFault;

    /// <summary>It takes effect, and the answer is of that status and says nothing of it.</summary>
    public sealed record AnswerReplaced(FakeAnswer Answer) : RequestFault;

    /// <summary>It takes effect, and the answer is a refusal in the venue's own words, under another status than the venue's.</summary>
    public sealed record AnswerDisowned(MarketRefusal Refusal, int Status) : RequestFault;

    /// <summary>It takes no effect, and the answer is of that status and says nothing of it.</summary>
    public sealed record Failed(FakeAnswer Answer) : RequestFault;

    /// <summary>The venue refuses it, in its own words.</summary>
    public sealed record Refused(MarketRefusal Refusal) : RequestFault;

    /// <summary>It takes effect twice, as a middle box may repeat it; the first answer is the one that comes.</summary>
    public sealed record Repeated : RequestFault;

    /// <summary>It is on its way for so long, on the test's clock, before it takes effect.</summary>
    public sealed record Delayed(TimeSpan Span) : RequestFault;

    /// <summary>It takes effect at once, and the answer is on its way for so long.</summary>
    public sealed record AnswerDelayed(TimeSpan Span) : RequestFault;

    /// <summary>It waits before the venue until the test lets it pass.</summary>
    public sealed record Held(HeldTraffic Traffic) : RequestFault;

    /// <summary>It takes effect, and its answer waits until the test lets it pass.</summary>
    public sealed record AnswerHeld(HeldTraffic Traffic) : RequestFault;

    /// <summary>Something happens at the venue just before it takes effect, as one step with it.</summary>
    public sealed record Preceded(Action<FakeMarket> Event) : RequestFault;

    /// <summary>Something happens at the venue between its effect and the answer.</summary>
    public sealed record Followed(Action<FakeMarket> Event) : RequestFault;
}

/// <summary>Something that waits until the test lets it pass.</summary>
public sealed class HeldTraffic
{
    private readonly TaskCompletionSource<FakeRequest> _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends once a request waits.</summary>
    public Task<FakeRequest> Arrived => _arrived.Task;

    /// <summary>Lets it pass.</summary>
    public void Pass() => _passed.TrySetResult();

    internal Task WaitAsync(FakeRequest request, CancellationToken cancellation)
    {
        _arrived.TrySetResult(request);
        return _passed.Task.WaitAsync(cancellation);
    }
}
