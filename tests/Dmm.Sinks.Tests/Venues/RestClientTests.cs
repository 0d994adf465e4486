using System.Diagnostics.Metrics;
using System.Net;
using Dmm.Core;
using Dmm.Core.Ports;
using Dmm.Testing;
using Dmm.Wire;

namespace Dmm.Sinks.Tests;

/// <summary>What is certain of a request's outcome, and what the venue's answers do to the limits.</summary>
public sealed class RestClientTests : IDisposable
{
    private static readonly VenueRequest Query = new("GET", "/query", "", default, "queries");
    private static readonly VenueRequest Placement = new("POST", "/order", "", "{}"u8.ToArray(), "orders/DCT-USDT", IsUrgent: false);
    private static readonly VenueRequest Cancel = new("DELETE", "/order", "id=1", default, "orders/DCT-USDT");

    private readonly HandTime _time = new();
    private readonly Scripted _handler = new();
    private readonly PlainVenue _venue = new();
    private readonly HttpClient _client;
    private readonly RestClient _rest;

    public RestClientTests()
    {
        _client = new(_handler) { Timeout = Timeout.InfiniteTimeSpan };
        _rest = new(
            _client, _venue,
            new Dictionary<string, RequestLimits>
            {
                ["queries"] = new() { PerSecond = 10, Burst = 10, CancelReserve = 2 }, ["orders"] = new() { PerSecond = 10, Burst = 10, CancelReserve = 4 },
            },
            TimeSpan.FromSeconds(2), _time);
    }

    public void Dispose()
    {
        _client.Dispose();
        _handler.Dispose();
    }

    [Fact]
    public async Task Query_ConnectionLost_SentOnceMore()
    {
        _handler.Answers = [Lost, Good];
        (await SendAsync(Query)).ShouldBeOfType<VenueReply<ReadOnlyMemory<byte>>.Accepted>();
        _handler.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Query_ConnectionLostTwice_Unknown()
    {
        _handler.Answers = [Lost, Lost];
        (await SendAsync(Query)).ShouldBeOfType<VenueReply<ReadOnlyMemory<byte>>.Unknown>();
        _handler.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Placement_ConnectionLost_Unknown_NeverSentTwice()
    {
        _handler.Answers = [Lost, Good];
        (await SendAsync(Placement)).Fault.ShouldStartWith("POST /order broke off: ");
        _handler.Count.ShouldBe(1);
    }

    [Fact]
    public async Task NoConnection_CertainlyNotSent()
    {
        _handler.Answers = [() => throw new HttpRequestException(HttpRequestError.ConnectionError, "refused")];
        Refusal(await SendAsync(Placement)).Kind.ShouldBe(RefusalKind.NotSent);
    }

    [Fact]
    public async Task TooManyRequests_WithRetryAfter_ThatLimitIsClosedForAsLong_OthersAreNot()
    {
        _handler.Answers = [() => Answer(HttpStatusCode.TooManyRequests, ("Retry-After", "3")), Good, Good];
        Refusal(await SendAsync(Placement)).ShouldBe(new(RefusalKind.RateLimited, "rate limit: HTTP 429", TimeSpan.FromSeconds(3)));
        Refusal(await SendAsync(Cancel)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(3));
        (await SendAsync(Query)).ShouldBeOfType<VenueReply<ReadOnlyMemory<byte>>.Accepted>();
        _time.Advance(TimeSpan.FromSeconds(3));
        (await SendAsync(Cancel)).ShouldBeOfType<VenueReply<ReadOnlyMemory<byte>>.Accepted>();
    }

    [Fact]
    public async Task RetryAfterAsADate_ObeyedByOurClock()
    {
        var date = _time.GetUtcNow().AddSeconds(7).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
        _handler.Answers = [() => Answer(HttpStatusCode.TooManyRequests, ("Retry-After", date))];
        Refusal(await SendAsync(Query)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(7));
    }

    [Fact]
    public async Task AddressBanned_EveryLimitIsClosed()
    {
        _handler.Answers = [() => Answer((HttpStatusCode)418)];
        Refusal(await SendAsync(Query)).RetryAfter.ShouldBe(TimeSpan.FromMinutes(1));
        Refusal(await SendAsync(Cancel)).RetryAfter.ShouldBe(TimeSpan.FromMinutes(1));
        _handler.Count.ShouldBe(1);
    }

    [Fact]
    public async Task VenueAnnouncesWhatIsLeft_PlacementsLeaveTheReserve_CancelsGoOn()
    {
        _venue.Notice = new(Remaining: 4);
        _handler.Answers = [Good, Good];
        await SendAsync(Placement);
        _venue.Notice = null;
        Refusal(await SendAsync(Placement)).Kind.ShouldBe(RefusalKind.RateLimited);
        (await SendAsync(Cancel)).ShouldBeOfType<VenueReply<ReadOnlyMemory<byte>>.Accepted>();
    }

    [Fact]
    public async Task VenueAnnouncesNothingLeft_ClosedUntilItsWindowBeginsAnew()
    {
        _venue.Notice = new(Remaining: 0, ResetAfter: TimeSpan.FromSeconds(2));
        _handler.Answers = [Good];
        await SendAsync(Placement);
        Refusal(await SendAsync(Cancel)).RetryAfter.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task VenueAnnouncesASmallerLimit_KeptFromThenOn()
    {
        _venue.Notice = new(Remaining: null, PerSecond: 1, Burst: 4);
        _handler.Answers = [Good, Good, Good];
        for (var i = 0; i < 3; i++) (await SendAsync(Placement)).ShouldBeOfType<VenueReply<ReadOnlyMemory<byte>>.Accepted>();
        var refusal = Refusal(await SendAsync(Placement));
        (refusal.Kind, refusal.RetryAfter).ShouldBe((RefusalKind.RateLimited, TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task Throttled_CountedByVenueAndBucket()
    {
        using var counted = new Counted();
        _handler.Answers = [() => Answer(HttpStatusCode.TooManyRequests)];
        await SendAsync(Query);
        await SendAsync(Query);
        counted.Of(_venue.Venue).ShouldBe([("queries", 1), ("queries", 1)]);
    }

    [Fact]
    public async Task NoAnswerInTime_Unknown()
    {
        _handler.Answers = [() => null];
        var sending = SendAsync(Placement);
        await _time.PassAsync(TimeSpan.FromSeconds(2));
        (await sending.Guarded("an outcome")).Fault.ShouldBe("no answer to POST /order within 2 s");
    }

    [Fact]
    public async Task AnswerTooLong_Unknown()
    {
        _handler.Answers = [() => new(HttpStatusCode.OK) { Content = new ByteArrayContent(new byte[RestClient.AnswerLengthMax + 1]) }];
        (await SendAsync(Placement)).Fault.ShouldBe("POST /order broke off: the answer is too long");
    }

    [Fact]
    public async Task NoCredentials_RefusedUnsent()
    {
        _venue.HasCredentials = false;
        Refusal(await SendAsync(Query)).Kind.ShouldBe(RefusalKind.Credentials);
        _handler.Count.ShouldBe(0);
    }

    [Fact]
    public async Task UnknownBucket_ToldWithTheKnownOnes() =>
        (await Should.ThrowAsync<ArgumentException>(() => SendAsync(Query with { Bucket = "loans" }))).Message
            .ShouldStartWith("no request limits are named 'loans': expected one of queries, orders");

    private Task<VenueReply<ReadOnlyMemory<byte>>> SendAsync(VenueRequest request) => _rest.SendAsync(request, CancellationToken.None);

    private static VenueRefusal Refusal(VenueReply<ReadOnlyMemory<byte>> reply) =>
        reply.ShouldBeOfType<VenueReply<ReadOnlyMemory<byte>>.Refused>(reply.Fault).Refusal;

    private static HttpResponseMessage? Good() => Answer(HttpStatusCode.OK);

    private static HttpResponseMessage? Lost() => throw new HttpRequestException(HttpRequestError.ResponseEnded, "reset by peer");

    private static HttpResponseMessage Answer(HttpStatusCode status, params (string Name, string Value)[] headers)
    {
        var answer = new HttpResponseMessage(status) { Content = new ByteArrayContent("{}"u8.ToArray()) };
        foreach (var (name, value) in headers) answer.Headers.Add(name, value);
        return answer;
    }

    private sealed class PlainVenue : IVenueRest
    {
        // Of this test alone: the counter is the process's.
        public string Venue { get; } = $"plain-{Interlocked.Increment(ref _count)}";

        private static int _count;

        public Uri BaseUrl => new("https://plain.test");

        public bool HasCredentials { get; set; } = true;

        public RateNotice? Notice { get; set; }

        public IEnumerable<KeyValuePair<string, string>> Headers(in VenueRequest request, Timestamp now) => [new("X-SIGN", "=/+ odd")];

        public VenueReply<ReadOnlyMemory<byte>> Read(in VenueRequest request, RestAnswer answer) => answer.Status == 200
            ? new VenueReply<ReadOnlyMemory<byte>>.Accepted(answer.Body)
            : new VenueReply<ReadOnlyMemory<byte>>.Unknown("says nothing");

        public RateNotice? Limit(in VenueRequest request, RestAnswer answer, Timestamp now) => Notice;
    }

    private sealed class Scripted : HttpMessageHandler
    {
        public Func<HttpResponseMessage?>[] Answers { get; set; } = [];

        public int Count { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.GetValues("X-SIGN").ShouldBe(["=/+ odd"]);
            if (Answers[Count++]() is { } answer) return answer;
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private sealed class Counted : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly List<(string Venue, string Bucket, long Count)> _seen = [];

        public Counted()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "dmm_requests_throttled") listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
            {
                lock (_seen) _seen.Add(((string)tags[0].Value!, (string)tags[1].Value!, count));
            });
            _listener.Start();
        }

        public (string Bucket, long Count)[] Of(string venue)
        {
            lock (_seen) return [.. _seen.Where(s => s.Venue == venue).Select(s => (s.Bucket, s.Count))];
        }

        public void Dispose() => _listener.Dispose();
    }
}
