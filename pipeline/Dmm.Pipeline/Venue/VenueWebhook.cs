using System.Net;
using System.Threading.Channels;
using Dmm.Core;
using Dmm.Wire;

namespace Dmm.Pipeline.Venue;

/// <summary>
/// Posts the account's fills to whoever trades on it, as the protocol says: the frames of the stream, one a post, signed with the account's secret.
/// One after the other; what is not taken is posted again under a new signature, for half a minute. A fill that finds no place or no listener is
/// still on the stream and in the list.
/// </summary>
internal sealed class VenueWebhook : IAsyncDisposable
{
    /// <summary>Fills that may wait.</summary>
    public const int FillsMax = 1_024;

    private const int AttemptsMax = 10;

    private static readonly Backoff Pause = new(TimeSpan.FromSeconds(0.25), TimeSpan.FromSeconds(5));
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly HmacSigning Signing = new();

    private readonly Channel<byte[]> _fills = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(FillsMax) { SingleReader = true });
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Patience };
    private readonly CancellationTokenSource _stop = new();
    private readonly Uri _address;
    private readonly HmacCredentials _credentials;
    private readonly HmacSignature _signature;
    private readonly TimeProvider _time;
    private readonly Task _posting;

    /// <param name="address">Where to, with a slash at its end.</param>
    /// <param name="credentials">Of the account.</param>
    /// <param name="time">For time stamps and waits.</param>
    public VenueWebhook(Uri address, HmacCredentials credentials, TimeProvider time)
    {
        (_address, _credentials, _time) = (address, credentials, time);
        _signature = new(Signing, credentials, VenueListing.ReceiveWindow);
        _posting = PostAllAsync(_stop.Token);
    }

    /// <summary>Queues a frame, which must not change any more; never waits.</summary>
    public void Post(byte[] frame) => _fills.Writer.TryWrite(frame);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _posting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task PostAllAsync(CancellationToken cancellation)
    {
        await foreach (var frame in _fills.Reader.ReadAllAsync(cancellation))
        {
            for (var attempts = 0; attempts < AttemptsMax && !await TryPostAsync(frame, cancellation); attempts++)
                await Task.Delay(Pause.Delay(attempts, chance: 1), _time, cancellation);
        }
    }

    /// <summary>False where it is worth to post the fill again.</summary>
    private async Task<bool> TryPostAsync(byte[] frame, CancellationToken cancellation)
    {
        var timestamp = _signature.TimestampText(Timestamp.From(_time.GetUtcNow()));
        using var post = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(frame) };
        post.Content.Headers.ContentType = new("application/json");
        post.Headers.TryAddWithoutValidation(Signing.KeyHeader, _credentials.ApiKey);
        post.Headers.TryAddWithoutValidation(Signing.TimestampHeader, timestamp);
        post.Headers.TryAddWithoutValidation(Signing.SignatureHeader, _signature.Sign(timestamp, "POST", _address.AbsolutePath, "", frame));
        try
        {
            using var answer = await _client.SendAsync(post, cancellation);
            // A clock that is wrong may be set; what is no fill to the listener never becomes one.
            return answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Conflict or HttpStatusCode.BadRequest
                or HttpStatusCode.RequestEntityTooLarge;
        }
        catch (Exception gone) when (gone is HttpRequestException || (gone is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return false;
        }
    }
}
