using Dmm.Core;

namespace Dmm.Wire;

/// <summary>What a post to our webhook turned out to be.</summary>
public enum HmacWebhookVerdict : byte
{
    Genuine,
    WrongSignature,
    StaleTimestamp,

    /// <summary>The very same post was taken before, within the time in which it is not stale.</summary>
    Replayed,
}

/// <summary>
/// Judges what is posted to our webhook: signed by the venue with the secret that we sign with, as a POST of the webhook's path, recent, and not posted
/// before. Remembers the signatures of genuine posts for as long as they are recent. Thread-safe.
/// </summary>
/// <param name="options">Checked, with credentials and a webhook.</param>
public sealed class HmacWebhook(HmacVenueOptions options)
{
    private readonly HmacSignature _signature = new(options.Signing, options.Credentials!, options.ReceiveWindow);
    private readonly string _path = options.Webhook!.AbsolutePath;
    private readonly Lock _lock = new();
    // Hexadecimal digits mean the same in either case.
    private readonly HashSet<string> _taken = new(StringComparer.OrdinalIgnoreCase);
    private readonly Queue<(string Signature, Timestamp At)> _takenInOrder = new();

    /// <param name="timestamp">Its header; empty where it is missing.</param>
    /// <param name="signature">Its header; empty where it is missing.</param>
    /// <param name="body">As it was posted.</param>
    /// <param name="now">Our clock.</param>
    public HmacWebhookVerdict Judge(string timestamp, string signature, ReadOnlySpan<byte> body, Timestamp now)
    {
        var verdict = _signature.Verify(timestamp, signature, "POST", _path, "", body, now);
        if (verdict != HmacVerdict.Genuine)
            return verdict == HmacVerdict.StaleTimestamp ? HmacWebhookVerdict.StaleTimestamp : HmacWebhookVerdict.WrongSignature;
        lock (_lock)
        {
            // Its time stamp lies within the window to either side: after two windows it is stale wherever it lay.
            while (_takenInOrder.TryPeek(out var oldest) && now - oldest.At > 2 * options.ReceiveWindow)
                _taken.Remove(_takenInOrder.Dequeue().Signature);
            if (!_taken.Add(signature)) return HmacWebhookVerdict.Replayed;
            _takenInOrder.Enqueue((signature, now));
            return HmacWebhookVerdict.Genuine;
        }
    }

    /// <summary>A post that was genuine but could not be dealt with may come again.</summary>
    public void Forget(string signature)
    {
        lock (_lock) _taken.Remove(signature);
    }
}
